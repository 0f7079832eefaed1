//! `GET /v1/accounts/{account_id}/api-keys`

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::ApiKey;
use crate::{
    app::App,
    extract::{ApiKeys, Cursor, Guarded, Paging, Query, Then},
    openapi::problems,
    operations::views::{AccountPath, paged},
    problem::Result,
};

/// A page of API keys.
#[derive(Serialize, ToSchema)]
pub struct ApiKeyPage {
    /// The keys, oldest first.
    items: Vec<ApiKey>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjMtMGM1ZC03YjEyLThlNGYtNWE2YjdjOGQ5ZTBm"))]
    next_cursor: Option<String>,
}

type Args = Then<Guarded<ApiKeys>, Query<Paging>>;

problems!(Problems = Args);

/// List the API keys of an account
///
/// Oldest first, without secrets.
#[utoipa::path(
    tag = "api-keys",
    params(AccountPath, Paging),
    responses((status = 200, description = "A page of API keys.", body = ApiKeyPage), Problems),
)]
#[get("/v1/accounts/{account_id}/api-keys")]
pub async fn list_api_keys(app: Data<App>, http: HttpRequest, Then(by, Query(paging)): Args) -> Result<HttpResponse> {
    let page = app.service.list_api_keys(&by, paging.after()?, paging.limit()).await?;
    let next = page.next.map(Cursor::after);
    let items = page.items.into_iter().map(ApiKey::from).collect();
    let body = ApiKeyPage { items, next_cursor: next.as_ref().map(Cursor::encode) };
    Ok(paged(&http, &body, next.as_ref()))
}
