//! `GET /v1/accounts/{account_id}/user-imports`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::{query::ListUserImports, view::UserImport};
use crate::{
    app::App,
    extract::{Cursor, Guarded, Query, Then, UserPermissions},
    openapi::problems,
    operations::views::{AccountPath, paged},
    problem::Result,
};

/// A page of imports.
#[derive(Serialize, ToSchema)]
pub struct UserImportPage {
    /// The imports, newest first.
    items: Vec<UserImport>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjEtMmI3Yy03ZDEwLThhNWUtOTBjMWYyYjNkNGU1"))]
    next_cursor: Option<String>,
}

type Args = Then<Guarded<UserPermissions>, Query<ListUserImports>>;

problems!(Problems = Args);

/// List user imports
///
/// Returns open imports and those of the last 30 days, newest first.
#[utoipa::path(
    tag = "user-imports",
    params(AccountPath, ListUserImports),
    responses((status = 200, description = "A page of imports.", body = UserImportPage), Problems),
)]
#[get("/v1/accounts/{account_id}/user-imports")]
pub async fn list_user_imports(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(query)): Args,
) -> Result<HttpResponse> {
    let page = app.service.list_user_imports(&by, query.status(), query.before()?, query.limit()).await?;
    let next = page.next.map(Cursor::after);
    let items = page.items.into_iter().map(UserImport::from).collect();
    let body = UserImportPage { items, next_cursor: next.as_ref().map(Cursor::encode) };
    Ok(paged(&http, &body, next.as_ref()))
}
