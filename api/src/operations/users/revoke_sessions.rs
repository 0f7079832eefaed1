//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/revoke-sessions`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, Guarded, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::UserPath,
    problem::Result,
};

type Args = Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>;

problems!(Problems = Args);

/// End all sessions of a user
///
/// Signs the user out everywhere and ends logins in progress. Repeating the request changes nothing. Rejected if the
/// user holds a permission that you could not grant.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 204, description = "All sessions have ended."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/revoke-sessions")]
pub async fn revoke_user_sessions(app: Data<App>, Then(by, PathId(user_id)): Args) -> Result<HttpResponse> {
    app.service.revoke_user_sessions(&by, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
