//! `POST /v1/accounts/{account_id}/actions/resume`

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

/// Resume an account
///
/// Everything is as it was before the suspension; sessions that have not expired in the meantime continue to work.
/// Repeating the request changes nothing. An account that is being deleted cannot be resumed (409); undelete it first.
#[utoipa::path(
    tag = "accounts",
    params(AccountPath),
    responses((status = 204, description = "The account is active."), Problems),
)]
#[post("/v1/accounts/{account_id}/actions/resume")]
pub async fn resume_account(app: Data<App>, Then(by, PathId(account_id)): Args) -> Result<HttpResponse> {
    app.service.resume_account(&by, account_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
