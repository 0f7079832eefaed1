//! `GET /v1/accounts/{account_id}/bulk-jobs`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::BulkJob;
use crate::{
    app::App,
    extract::{Cursor, Guarded, Paging, Query, Then, UserPermissions},
    openapi::problems,
    operations::views::{AccountPath, paged},
    problem::Result,
};

/// A page of bulk jobs.
#[derive(Serialize, ToSchema)]
pub struct BulkJobPage {
    /// The jobs, newest first.
    items: Vec<BulkJob>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjMtMGMxZC03YjUyLThlNzctNTFhMmMzZDRlNWY2"))]
    next_cursor: Option<String>,
}

type Args = Then<Guarded<UserPermissions>, Query<Paging>>;

problems!(Problems = Args);

/// List the bulk jobs of an account
///
/// Jobs that are waiting or running and those that ended within the last 30 days, newest first.
#[utoipa::path(
    tag = "bulk-jobs",
    params(AccountPath, Paging),
    responses((status = 200, description = "A page of jobs.", body = BulkJobPage, headers(("Link"))), Problems),
)]
#[get("/v1/accounts/{account_id}/bulk-jobs")]
pub async fn list_bulk_jobs(app: Data<App>, http: HttpRequest, Then(by, Query(paging)): Args) -> Result<HttpResponse> {
    let page = app.service.list_bulk_jobs(&by, paging.after()?, paging.limit()).await?;
    let next = page.next.map(Cursor::after);
    let items = page.items.into_iter().map(BulkJob::from).collect();
    let body = BulkJobPage { items, next_cursor: next.as_ref().map(Cursor::encode) };
    Ok(paged(&http, &body, next.as_ref()))
}
