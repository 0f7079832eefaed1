//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/disable`

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

problems!(Problems = GUARDED, &[Code::Conflict, Code::ReauthenticationRequired]);

/// Disable a user
///
/// The user cannot sign in any more, and all sessions and logins end at once. The last holder of a permission of ours
/// in an account cannot be disabled, but by the platform. Doing it again changes nothing. Refused for somebody who
/// holds what you could not grant. Needs `user_permissions` and a recent proof of who you are.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(UserPath),
    responses((status = 204, description = "The user is disabled."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/disable")]
pub async fn disable_user(
    app: Data<App>,
    Then(by, PathId(user_id)): Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>,
) -> Result<HttpResponse> {
    app.service.disable_user(&by.actor, by.account_id, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
