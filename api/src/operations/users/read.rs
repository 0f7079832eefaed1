//! `GET /v1/accounts/{account_id}/users/{user_id}`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{ETag, Guarded, PathId, Then, UserPermissions},
    operations::views::{User, UserPath},
    problem::{
        Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED);

/// Get a user
///
/// Includes the state of the second factor and the password. Requires `user_permissions`.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(UserPath),
    responses((status = 200, description = "The user.", body = User, headers(("ETag"))), Problems),
)]
#[get("/v1/accounts/{account_id}/users/{user_id}")]
pub async fn get_user(
    app: Data<App>,
    Then(by, PathId(user_id)): Then<Guarded<UserPermissions>, PathId<entity::User>>,
) -> Result<HttpResponse> {
    let user = app.service.read_user(by.account_id, user_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(user.version)).json(User::from(user)))
}
