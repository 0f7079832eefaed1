//! Actions of administrators on a user: `/v1/accounts/{account_id}/users/{user_id}/actions/…`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Fresh, Guarded, OptionalBody, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::{Activation, UserPath},
    problem::{Code, Result},
};

type ResetTwoFactorArgs = Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>;

problems!(ResetTwoFactorProblems = ResetTwoFactorArgs);

/// Reset a user's second factor
///
/// For a lost phone. Removes the device and the recovery codes and ends all sessions and logins of the user. At the
/// next sign-in, the user must enroll a device if the policy requires a second factor. Repeating the request changes
/// nothing. Rejected if the user holds a permission that you could not grant.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 204, description = "The second factor is reset."), ResetTwoFactorProblems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/reset-two-factor")]
pub async fn reset_two_factor(app: Data<App>, Then(by, PathId(user_id)): ResetTwoFactorArgs) -> Result<HttpResponse> {
    app.service.reset_two_factor(&by, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

type RequirePasswordChangeArgs = Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>;

problems!(RequirePasswordChangeProblems = RequirePasswordChangeArgs);

/// Require a user to choose a new password
///
/// The next sign-in, and every login in progress, leads to the step `password_change` before a session starts. Existing
/// sessions continue. Repeating the request changes nothing. Rejected if the user holds a permission that you could not
/// grant.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 204, description = "The user must choose a new password."), RequirePasswordChangeProblems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/require-password-change")]
pub async fn require_password_change(
    app: Data<App>,
    Then(by, PathId(user_id)): RequirePasswordChangeArgs,
) -> Result<HttpResponse> {
    app.service.require_password_change(&by, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

type DisableArgs = Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>;

problems!(DisableProblems = DisableArgs, &[Code::Conflict]);

/// Disable a user
///
/// The user can no longer sign in, and all sessions and logins end at once. Only a platform administrator can disable
/// the last holder of a built-in permission in an account. Repeating the request changes nothing. Rejected if the user
/// holds a permission that you could not grant.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 204, description = "The user is disabled."), DisableProblems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/disable")]
pub async fn disable_user(app: Data<App>, Then(by, PathId(user_id)): DisableArgs) -> Result<HttpResponse> {
    app.service.disable_user(&by, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

type EnableArgs = Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>;

problems!(EnableProblems = EnableArgs);

/// Enable a user
///
/// The user can sign in again, with the same password and device as before. Repeating the request changes nothing.
/// Rejected if the user holds a permission that you could not grant.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 204, description = "The user is enabled."), EnableProblems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/enable")]
pub async fn enable_user(app: Data<App>, Then(by, PathId(user_id)): EnableArgs) -> Result<HttpResponse> {
    app.service.enable_user(&by, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

type RevokeSessionsArgs = Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>;

problems!(RevokeSessionsProblems = RevokeSessionsArgs);

/// End all sessions of a user
///
/// Signs the user out everywhere and ends logins in progress. Repeating the request changes nothing. Rejected if the
/// user holds a permission that you could not grant.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 204, description = "All sessions have ended."), RevokeSessionsProblems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/revoke-sessions")]
pub async fn revoke_user_sessions(
    app: Data<App>,
    Then(by, PathId(user_id)): RevokeSessionsArgs,
) -> Result<HttpResponse> {
    app.service.revoke_user_sessions(&by, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// How the code reaches its user.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SendActivation {
    /// Also sends the code to the user's email address. The reply contains the code in any case. If `send_mail` is
    /// absent or false, no email is sent.
    #[serde(default)]
    #[schema(required = false)]
    send_mail: bool,
}

type SendActivationArgs = Then<Guarded<UserPermissions, Fresh>, (PathId<entity::User>, OptionalBody<SendActivation>)>;

problems!(SendActivationProblems = SendActivationArgs, &[Code::TooManyRequests, Code::Conflict]);

/// Issue a new activation code
///
/// For a user who has lost the activation code or the password. The reply contains the code, which is shown only once;
/// older codes become invalid. Anybody with the code can take over the user, so the request is rejected if the user
/// holds a permission that you could not grant. The body is optional.
///
/// With `send_mail`, the user also gets the code by email; an email that cannot be delivered is recorded as the audit
/// event `mail.failed`. `send_mail` fails with `conflict` if the operator has not configured a mail server, or if
/// whoever set the email address could not currently grant every built-in permission that the user holds. In the second
/// case, set the address again, so that you are responsible for it. Too many emails to one user are rejected for a
/// while; older codes then keep working.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    request_body(extensions(("x-optional" = json!(true))), content = SendActivation, example = json!({ "send_mail": false })),
    responses((status = 200, description = "The new code.", body = Activation), SendActivationProblems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/send-activation")]
pub async fn send_activation(
    app: Data<App>,
    Then(by, (PathId(user_id), OptionalBody(request))): SendActivationArgs,
) -> Result<HttpResponse> {
    let issued = app.service.send_activation(&by, user_id, request.send_mail).await?;
    Ok(HttpResponse::Ok().json(Activation::from(issued)))
}

type UnlockArgs = Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>;

problems!(UnlockProblems = UnlockArgs);

/// Unlock a user
///
/// Clears the count of wrong passwords and codes, so that the user can try again at once. Repeating the request changes
/// nothing. Rejected if the user holds a permission that you could not grant.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 204, description = "The user is not locked."), UnlockProblems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/unlock")]
pub async fn unlock_user(app: Data<App>, Then(by, PathId(user_id)): UnlockArgs) -> Result<HttpResponse> {
    app.service.unlock_user(&by, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
