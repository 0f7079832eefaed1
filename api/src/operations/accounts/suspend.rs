//! `POST /v1/accounts/{account_id}/actions/suspend`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, PathId, Platform, Then},
    operations::views::AccountPath,
    problem::{
        Code, Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED, &[Code::Conflict, Code::ReauthenticationRequired]);

/// Suspend an account
///
/// For platform administrators. Nobody of the account signs in from this moment on: a login gets the same reply as one with
/// a wrong password, logins under way end, and its access tokens, refresh tokens, API keys and activation codes do not count.
/// Services that verify access tokens offline learn of it when those expire. Its files with users wait. Platform
/// administrators go on to see the account and to act in it. Doing it again changes nothing. The platform's own account
/// cannot be suspended, and one that is being deleted is a conflict.
#[utoipa::path(
    tag = "accounts",
    security(("accessToken" = [])),
    params(AccountPath),
    responses((status = 204, description = "The account is suspended."), Problems),
)]
#[post("/v1/accounts/{account_id}/actions/suspend")]
pub async fn suspend_account(
    app: Data<App>,
    Then(by, PathId(account_id)): Then<Platform<Fresh>, PathId<entity::Account>>,
) -> Result<HttpResponse> {
    app.service.suspend_account(&by.actor, account_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
