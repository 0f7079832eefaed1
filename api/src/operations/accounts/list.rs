//! `GET /v1/accounts`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::query::ListAccounts;
use crate::{
    app::App,
    extract::{Cursor, Platform, Query, Then},
    openapi::problems,
    operations::views::{Account, paged},
    problem::Result,
};

/// A page of accounts.
#[derive(Serialize, ToSchema)]
pub struct AccountPage {
    /// The accounts, oldest first.
    items: Vec<Account>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNWUtOGE0Yy03YzJlLTljNTUtMmYxZjZmM2I5YTEw"))]
    next_cursor: Option<String>,
}

type Args = Then<Platform, Query<ListAccounts>>;

problems!(Problems = Args);

/// List accounts
///
/// Oldest first. Search and filter can be combined.
#[utoipa::path(
    tag = "accounts",
    params(ListAccounts),
    responses((status = 200, description = "A page of accounts.", body = AccountPage, headers(("Link"))), Problems),
)]
#[get("/v1/accounts")]
pub async fn list_accounts(app: Data<App>, http: HttpRequest, Then(by, Query(asked)): Args) -> Result<HttpResponse> {
    let page = app.service.list_accounts(&by, asked.filter()?, asked.after()?, asked.limit()).await?;
    let next = page.next.map(Cursor::after);
    let items = page.items.into_iter().map(Account::from).collect();
    let body = AccountPage { items, next_cursor: next.as_ref().map(Cursor::encode) };
    Ok(paged(&http, &body, next.as_ref()))
}
