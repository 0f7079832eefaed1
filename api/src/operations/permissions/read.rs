//! `GET /v1/accounts/{account_id}/users/{user_id}/permissions`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use super::UserPermissions;
use crate::{
    app::App,
    extract::{self, ETag, Guarded, PathId, Then},
    openapi::problems,
    operations::views::UserPath,
    problem::Result,
};

type Args = Then<Guarded<extract::UserPermissions>, PathId<entity::User>>;

problems!(Problems = Args);

/// Get a user's permissions
///
/// Returns the permissions that are granted directly, and all permissions that the user holds, including those of the
/// user's roles, each with its origin.
#[utoipa::path(
    tag = "permissions",
    params(UserPath),
    responses((status = 200, description = "The user's permissions.", body = UserPermissions, headers(("ETag"))), Problems),
)]
#[get("/v1/accounts/{account_id}/users/{user_id}/permissions")]
pub async fn get_user_permissions(app: Data<App>, Then(by, PathId(user_id)): Args) -> Result<HttpResponse> {
    let held = app.service.read_user_permissions(&by, user_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(held.version)).json(UserPermissions::from(held)))
}
