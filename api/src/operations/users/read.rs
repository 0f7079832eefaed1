//! `GET /v1/accounts/{account_id}/users/{user_id}`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{ETag, Guarded, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::{User, UserPath},
    problem::Result,
};

type Args = Then<Guarded<UserPermissions>, PathId<entity::User>>;

problems!(Problems = Args);

/// Get a user
///
/// Includes the state of the second factor and the password.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 200, description = "The user.", body = User, headers(("ETag"))), Problems),
)]
#[get("/v1/accounts/{account_id}/users/{user_id}")]
pub async fn get_user(app: Data<App>, Then(by, PathId(user_id)): Args) -> Result<HttpResponse> {
    let user = app.service.read_user(&by, user_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(user.version)).json(User::from(user)))
}
