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

/// Require a user to choose a new password
///
/// The next sign-in, and every login in progress, leads to the step `password_change` before a session starts. Existing
/// sessions continue. Repeating the request changes nothing. Rejected if the user holds a permission that you could not
/// grant. Requires `user_permissions` and a recent sign-in.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(UserPath),
    responses((status = 204, description = "The user must choose a new password."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/require-password-change")]
pub async fn require_password_change(
    app: Data<App>,
    Then(by, PathId(user_id)): Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>,
) -> Result<HttpResponse> {
    app.service.require_password_change(&by.actor, by.account_id, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
