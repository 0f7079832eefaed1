//! `POST /v1/accounts/{account_id}/actions/undelete`

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

/// Undo the deletion of an account
///
/// Until `delete_at`, everything is restored: the account is suspended if it was before, and active otherwise. Sessions
/// that have not expired in the meantime continue to work. After `delete_at`, the request fails with 409. If the
/// account is not being deleted, nothing changes.
#[utoipa::path(
    tag = "accounts",
    params(AccountPath),
    responses((status = 204, description = "The account is not being deleted."), Problems),
)]
#[post("/v1/accounts/{account_id}/actions/undelete")]
pub async fn undelete_account(app: Data<App>, Then(by, PathId(account_id)): Args) -> Result<HttpResponse> {
    app.service.undelete_account(&by, account_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
