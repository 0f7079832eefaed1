//! `GET /v1/accounts/{account_id}/users`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::query::ListUsers;
use crate::{
    app::App,
    extract::{Cursor, Guarded, Query, Then, UserPermissions},
    openapi::problems,
    operations::views::{AccountPath, User, paged},
    problem::Result,
};

/// A page of users.
#[derive(Serialize, ToSchema)]
pub struct UserPage {
    /// The users, in the requested order.
    items: Vec<User>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjAtMTFkMi03YTNiLThmMDQtNmQyYzliZTBhN2M0"))]
    next_cursor: Option<String>,
}

type Args = Then<Guarded<UserPermissions>, Query<ListUsers>>;

problems!(Problems = Args);

/// List the users of an account
///
/// Includes the second-factor, password and lock state of each user. You can combine search, filters and sort order; a
/// cursor is valid only for the combination that it came from.
#[utoipa::path(
    tag = "users",
    params(AccountPath, ListUsers),
    responses((status = 200, description = "A page of users.", body = UserPage, headers(("Link"))), Problems),
)]
#[get("/v1/accounts/{account_id}/users")]
pub async fn list_users(app: Data<App>, http: HttpRequest, Then(by, Query(asked)): Args) -> Result<HttpResponse> {
    let query = asked.query()?;
    let after = asked.after(by.account_id(), &query)?;
    let page = app.service.list_users(&by, query, after, asked.limit()).await?;
    let next = page.next.map(Cursor::after);
    let items = page.items.into_iter().map(User::from).collect();
    let body = UserPage { items, next_cursor: next.as_ref().map(Cursor::encode) };
    Ok(paged(&http, &body, next.as_ref()))
}
