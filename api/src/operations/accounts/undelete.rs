//! `POST /v1/accounts/{account_id}/actions/undelete`

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

/// Undo the deletion of an account
///
/// For platform administrators with a recent sign-in. Until `delete_at`, everything is restored: the account is
/// suspended if it was before, and active otherwise. Sessions that have not expired in the meantime continue to work.
/// After `delete_at`, the request fails with 409. If the account is not being deleted, nothing changes.
#[utoipa::path(
    tag = "accounts",
    security(("accessToken" = [])),
    params(AccountPath),
    responses((status = 204, description = "The account is not being deleted."), Problems),
)]
#[post("/v1/accounts/{account_id}/actions/undelete")]
pub async fn undelete_account(
    app: Data<App>,
    Then(by, PathId(account_id)): Then<Platform<Fresh>, PathId<entity::Account>>,
) -> Result<HttpResponse> {
    app.service.undelete_account(&by.actor, account_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
