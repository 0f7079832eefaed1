//! The end of an account, and its suspension: `DELETE /v1/accounts/{account_id}` and `/v1/accounts/{account_id}/actions/…`

use actix_web::{HttpResponse, delete, post, web::Data};
use kernel::entity;

use super::query::DeleteAccount;
use crate::{
    app::App,
    extract::{ETag, Fresh, IfMatch, PathId, Platform, Query, Then},
    openapi::problems,
    operations::views::{Account, AccountPath, IfMatchHeader},
    problem::{Code, Result},
};

type DeleteArgs = Then<Platform<Fresh>, (PathId<entity::Account>, IfMatch, Query<DeleteAccount>)>;

problems!(DeleteProblems = DeleteArgs, &[Code::Conflict]);

/// Delete an account
///
/// From this moment on, nobody can sign in to the account, and its access tokens, refresh tokens, API keys and
/// activation codes are rejected. At `delete_at`, the account and everything in it is permanently deleted; until then,
/// `POST …/actions/undelete` restores all of it. The slug becomes free once the account is gone. Repeating the request
/// changes nothing, not even `delete_at`. The platform's own account cannot be deleted.
#[utoipa::path(
    tag = "accounts",
    params(AccountPath, DeleteAccount, IfMatchHeader),
    responses((status = 202, description = "The account will be deleted at `delete_at`.", body = Account, headers(("ETag"))), DeleteProblems),
)]
#[delete("/v1/accounts/{account_id}")]
pub async fn delete_account(
    app: Data<App>,
    Then(by, (PathId(account_id), if_match, Query(asked))): DeleteArgs,
) -> Result<HttpResponse> {
    let (seen, delay) = (if_match.version()?, asked.delay()?);
    let account = app.service.delete_account(&by, account_id, delay, seen).await?;
    Ok(HttpResponse::Accepted().insert_header(ETag(account.version)).json(Account::from(account)))
}

type SuspendArgs = Then<Platform<Fresh>, PathId<entity::Account>>;

problems!(SuspendProblems = SuspendArgs, &[Code::Conflict]);

/// Suspend an account
///
/// From this moment on, nobody can sign in to the account: a login gets the same reply as with a wrong password, logins
/// in progress end, and the account's access tokens, refresh tokens, API keys and activation codes are rejected.
/// Services that verify access tokens offline accept them until they expire. User imports and bulk jobs wait until the
/// account is resumed. Emails that are waiting to be sent are dropped. Platform administrators can still view the
/// account and act in it. Repeating the request changes nothing. Neither the platform's own account nor an account that
/// is being deleted can be suspended (409).
#[utoipa::path(
    tag = "accounts",
    params(AccountPath),
    responses((status = 204, description = "The account is suspended."), SuspendProblems),
)]
#[post("/v1/accounts/{account_id}/actions/suspend")]
pub async fn suspend_account(app: Data<App>, Then(by, PathId(account_id)): SuspendArgs) -> Result<HttpResponse> {
    app.service.suspend_account(&by, account_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

type ResumeArgs = Then<Platform<Fresh>, PathId<entity::Account>>;

problems!(ResumeProblems = ResumeArgs, &[Code::Conflict]);

/// Resume an account
///
/// Everything is as it was before the suspension; sessions that have not expired in the meantime continue to work.
/// Repeating the request changes nothing. An account that is being deleted cannot be resumed (409); undelete it first.
#[utoipa::path(
    tag = "accounts",
    params(AccountPath),
    responses((status = 204, description = "The account is active."), ResumeProblems),
)]
#[post("/v1/accounts/{account_id}/actions/resume")]
pub async fn resume_account(app: Data<App>, Then(by, PathId(account_id)): ResumeArgs) -> Result<HttpResponse> {
    app.service.resume_account(&by, account_id).await?;
    Ok(HttpResponse::NoContent().finish())
}

type UndeleteArgs = Then<Platform<Fresh>, PathId<entity::Account>>;

problems!(UndeleteProblems = UndeleteArgs, &[Code::Conflict]);

/// Undo the deletion of an account
///
/// Until `delete_at`, everything is restored: the account is suspended if it was before, and active otherwise. Sessions
/// that have not expired in the meantime continue to work. After `delete_at`, the request fails with 409. If the
/// account is not being deleted, nothing changes.
#[utoipa::path(
    tag = "accounts",
    params(AccountPath),
    responses((status = 204, description = "The account is not being deleted."), UndeleteProblems),
)]
#[post("/v1/accounts/{account_id}/actions/undelete")]
pub async fn undelete_account(app: Data<App>, Then(by, PathId(account_id)): UndeleteArgs) -> Result<HttpResponse> {
    app.service.undelete_account(&by, account_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
