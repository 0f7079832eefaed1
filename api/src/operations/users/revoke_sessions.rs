//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/revoke-sessions`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, Guarded, PathId, Then, UserPermissions},
    operations::views::UserPath,
    problem::{
        Code, Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED, &[Code::ReauthenticationRequired]);

/// End all sessions of a user
///
/// Signs the user out everywhere and ends logins in progress. Repeating the request changes nothing. Rejected if the
/// user holds a permission that you could not grant. Requires `user_permissions` and a recent sign-in.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(UserPath),
    responses((status = 204, description = "All sessions have ended."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/revoke-sessions")]
pub async fn revoke_user_sessions(
    app: Data<App>,
    Then(by, PathId(user_id)): Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>,
) -> Result<HttpResponse> {
    app.service.revoke_user_sessions(&by.actor, by.account_id, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
