//! `POST /v1/accounts/{account_id}/actions/resume`

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

/// Resume an account
///
/// For platform administrators with a recent sign-in. Everything is as it was before the suspension; sessions that have
/// not expired in the meantime continue to work. Repeating the request changes nothing. An account that is being
/// deleted cannot be resumed (409); undelete it first.
#[utoipa::path(
    tag = "accounts",
    security(("accessToken" = [])),
    params(AccountPath),
    responses((status = 204, description = "The account is active."), Problems),
)]
#[post("/v1/accounts/{account_id}/actions/resume")]
pub async fn resume_account(
    app: Data<App>,
    Then(by, PathId(account_id)): Then<Platform<Fresh>, PathId<entity::Account>>,
) -> Result<HttpResponse> {
    app.service.resume_account(&by.actor, account_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
