//! `GET /v1/accounts/{account_id}/users/{user_id}/roles`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use super::view::UserRoles;
use crate::{
    app::App,
    extract::{ETag, Guarded, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::UserPath,
    problem::Result,
};

type Args = Then<Guarded<UserPermissions>, PathId<entity::User>>;

problems!(Problems = Args);

/// Get a user's roles
#[utoipa::path(
    tag = "roles",
    params(UserPath),
    responses((status = 200, description = "The user's roles.", body = UserRoles), Problems),
)]
#[get("/v1/accounts/{account_id}/users/{user_id}/roles")]
pub async fn get_user_roles(app: Data<App>, Then(by, PathId(user_id)): Args) -> Result<HttpResponse> {
    let roles = app.service.read_user_roles(&by, user_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(roles.version)).json(UserRoles::from(&roles)))
}
