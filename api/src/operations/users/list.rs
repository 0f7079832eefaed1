//! `GET /v1/accounts/{account_id}/users`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::{Cursor, Guarded, Paging, Query, Then, UserPermissions},
    operations::views::{AccountPath, User, paged},
    problem::{
        Code, Result,
        document::{GUARDED, problems},
    },
};

/// A page of users.
#[derive(Serialize, ToSchema)]
pub struct UserPage {
    /// The users, oldest first.
    items: Vec<User>,
    /// Send it as `cursor` for the next page; null on the last.
    #[schema(required = true, examples("MDE5OTdmNjAtMTFkMi03YTNiLThmMDQtNmQyYzliZTBhN2M0"))]
    next_cursor: Option<String>,
}

problems!(Problems = GUARDED, &[Code::MalformedRequest]);

/// List the users of an account
///
/// Oldest first, each with the state of the second factor and of the password. Needs `user_permissions`.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(AccountPath, Paging),
    responses((status = 200, description = "A page of users.", body = UserPage, headers(("Link"))), Problems),
)]
#[get("/v1/accounts/{account_id}/users")]
pub async fn list_users(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(paging)): Then<Guarded<UserPermissions>, Query<Paging>>,
) -> Result<HttpResponse> {
    let page = app.service.list_users(by.account_id, paging.after()?, paging.limit()).await?;
    let next = page.next.map(Cursor::after);
    let items = page.items.into_iter().map(User::from).collect();
    let body = UserPage { items, next_cursor: next.as_ref().map(Cursor::encode) };
    Ok(paged(&http, &body, next.as_ref()))
}
