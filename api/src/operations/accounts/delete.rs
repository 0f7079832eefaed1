//! `DELETE /v1/accounts/{account_id}`

use actix_web::{HttpResponse, delete, web::Data};
use kernel::entity;

use super::query::DeleteAccount;
use crate::{
    app::App,
    extract::{ETag, Fresh, IfMatch, PathId, Platform, Query, Then},
    openapi::problems,
    operations::views::{Account, AccountPath, IfMatchHeader},
    problem::{Code, Result},
};

type Args = Then<Platform<Fresh>, (PathId<entity::Account>, IfMatch, Query<DeleteAccount>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Delete an account
///
/// From this moment on, nobody can sign in to the account, and its access tokens, refresh tokens, API keys and
/// activation codes are rejected. At `delete_at`, the account and everything in it is permanently deleted; until then,
/// `POST …/actions/undelete` restores all of it. The slug becomes free once the account is gone. Repeating the request
/// changes nothing, not even `delete_at`. The platform's own account cannot be deleted.
#[utoipa::path(
    tag = "accounts",
    params(AccountPath, DeleteAccount, IfMatchHeader),
    responses((status = 202, description = "The account will be deleted at `delete_at`.", body = Account, headers(("ETag"))), Problems),
)]
#[delete("/v1/accounts/{account_id}")]
pub async fn delete_account(
    app: Data<App>,
    Then(by, (PathId(account_id), if_match, Query(asked))): Args,
) -> Result<HttpResponse> {
    let (seen, delay) = (if_match.version()?, asked.delay()?);
    let account = app.service.delete_account(&by, account_id, delay, seen).await?;
    Ok(HttpResponse::Accepted().insert_header(ETag(account.version)).json(Account::from(account)))
}
