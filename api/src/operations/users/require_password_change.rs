//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/require-password-change`

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

/// Make a user choose a new password
///
/// The next sign-in, and every one under way, leads to the step `password_change` before there is a session. Sessions
/// that exist go on. Doing it again changes nothing. Refused for somebody who holds what you could not grant. Needs
/// `user_permissions` and a recent proof of who you are.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(UserPath),
    responses((status = 204, description = "The user will choose a new password."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/require-password-change")]
pub async fn require_password_change(
    app: Data<App>,
    Then(by, PathId(user_id)): Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>,
) -> Result<HttpResponse> {
    app.service.require_password_change(&by.actor, by.account_id, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
