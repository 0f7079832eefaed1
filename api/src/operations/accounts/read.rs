//! `GET /v1/accounts/{account_id}`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Authenticated, ETag, PathId, Then},
    openapi::problems,
    operations::views::{Account, AccountPath},
    problem::Result,
};

type Args = Then<Authenticated, PathId<entity::Account>>;

problems!(Problems = Args);

/// Get an account
///
/// For users of the account and platform administrators. For anybody else, the account does not exist (404).
#[utoipa::path(
    tag = "accounts",
    params(AccountPath),
    responses((status = 200, description = "The account.", body = Account), Problems),
)]
#[get("/v1/accounts/{account_id}")]
pub async fn get_account(app: Data<App>, Then(by, PathId(account_id)): Args) -> Result<HttpResponse> {
    let account = app.service.read_account(&by.0, account_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(account.version)).json(Account::from(account)))
}
