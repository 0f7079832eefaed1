//! `POST /v1/accounts/{account_id}/actions/suspend`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, PathId, Platform, Then},
    openapi::problems,
    operations::views::AccountPath,
    problem::{Code, Result},
};

type Args = Then<Platform<Fresh>, PathId<entity::Account>>;

problems!(Problems = Args, &[Code::Conflict]);

/// Suspend an account
///
/// From this moment on, nobody can sign in to the account: a login gets the same reply as with a wrong password, logins
/// in progress end, and the account's access tokens, refresh tokens, API keys and activation codes are rejected.
/// Services that verify access tokens offline accept them until they expire. User imports are paused. Platform
/// administrators can still view the account and act in it. Repeating the request changes nothing. Neither the
/// platform's own account nor an account that is being deleted can be suspended (409).
#[utoipa::path(
    tag = "accounts",
    params(AccountPath),
    responses((status = 204, description = "The account is suspended."), Problems),
)]
#[post("/v1/accounts/{account_id}/actions/suspend")]
pub async fn suspend_account(app: Data<App>, Then(by, PathId(account_id)): Args) -> Result<HttpResponse> {
    app.service.suspend_account(&by, account_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
