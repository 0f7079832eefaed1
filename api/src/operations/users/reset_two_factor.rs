//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/reset-two-factor`

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

/// Reset a user's second factor
///
/// For a lost phone. Forgets the device and the recovery codes and ends all sessions and logins of the user; the next
/// sign-in asks to enrol a device, if the policy asks at all. Doing it again changes nothing. Refused for somebody who
/// holds what you could not grant. Needs `user_permissions` and a recent proof of who you are.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(UserPath),
    responses((status = 204, description = "The second factor is reset."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/reset-two-factor")]
pub async fn reset_two_factor(
    app: Data<App>,
    Then(by, PathId(user_id)): Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>,
) -> Result<HttpResponse> {
    app.service.reset_two_factor(&by.actor, by.account_id, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
