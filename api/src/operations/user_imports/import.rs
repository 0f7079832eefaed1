//! User imports of an account: `/v1/accounts/{account_id}/user-imports`

use actix_web::{HttpRequest, HttpResponse, get, post, web::Data};
use kernel::{UserImportId, entity};
use serde::{Deserialize, Serialize};
use service::{ImportStatus, UserImportView};
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::{Cursor, Guarded, Limit, PathId, Query, Then, UserPermissions},
    openapi::problems,
    operations::views::{AccountPath, ImportPath, paged},
    problem::{Code, Problem, Result},
};

/// Which imports, and where the page begins.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListUserImports {
    /// Maximum number of items per page.
    #[param(value_type = u8, required = false, minimum = 1, maximum = 100, default = 50)]
    limit: Limit,
    /// The `next_cursor` of the previous page. Omit it to get the first page.
    #[param(value_type = String, required = false, nullable = false)]
    cursor: Option<Cursor>,
    /// Only imports with this status.
    #[param(inline, required = false, nullable = false)]
    status: Option<ImportStatusFilter>,
}

/// The status of an import.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatusFilter {
    /// The file has arrived; the import has not begun.
    Queued,
    /// It is being imported.
    Running,
    /// Every record has been processed.
    Done,
    /// It was abandoned.
    Failed,
    /// It was cancelled.
    Cancelled,
}

impl From<ImportStatusFilter> for ImportStatus {
    fn from(filter: ImportStatusFilter) -> Self {
        match filter {
            ImportStatusFilter::Queued => Self::Queued,
            ImportStatusFilter::Running => Self::Running,
            ImportStatusFilter::Done => Self::Done,
            ImportStatusFilter::Failed => Self::Failed,
            ImportStatusFilter::Cancelled => Self::Cancelled,
        }
    }
}

impl ListUserImports {
    /// Maximum number of items per page.
    pub fn limit(&self) -> u16 {
        self.limit.get().into()
    }

    /// The status to filter by, if one is given.
    pub fn status(&self) -> Option<ImportStatus> {
        self.status.map(Into::into)
    }

    /// The import after which the page begins.
    pub fn before(&self) -> Result<Option<UserImportId>> {
        let refuse = || Problem::malformed(format!("The query parameter `cursor` {}.", Cursor::EXPECTED));
        self.cursor.as_ref().map(|cursor| cursor.key().ok_or_else(refuse)).transpose()
    }
}

/// A page of imports.
#[derive(Serialize, ToSchema)]
pub struct UserImportPage {
    /// The imports, newest first.
    items: Vec<UserImportView>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjEtMmI3Yy03ZDEwLThhNWUtOTBjMWYyYjNkNGU1"))]
    next_cursor: Option<String>,
}

type ListArgs = Then<Guarded<UserPermissions>, Query<ListUserImports>>;

problems!(ListProblems = ListArgs);

/// List user imports
///
/// Returns open imports and those of the last 30 days, newest first.
#[utoipa::path(
    tag = "user-imports",
    params(AccountPath, ListUserImports),
    responses((status = 200, description = "A page of imports.", body = UserImportPage), ListProblems),
)]
#[get("/v1/accounts/{account_id}/user-imports")]
pub async fn list_user_imports(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(query)): ListArgs,
) -> Result<HttpResponse> {
    let page = app.service.list_user_imports(&by, query.status(), query.before()?, query.limit()).await?;
    Ok(paged(&http, page, |items, next_cursor| UserImportPage { items, next_cursor }))
}

type GetArgs = Then<Guarded<UserPermissions>, PathId<entity::UserImport>>;

problems!(GetProblems = GetArgs);

/// Get a user import
///
/// Returns the progress of the import. Poll until `finished_at` is set. You can read an import for 30 days after it
/// ends.
#[utoipa::path(
    tag = "user-imports",
    params(ImportPath),
    responses((status = 200, description = "The import.", body = UserImportView), GetProblems),
)]
#[get("/v1/accounts/{account_id}/user-imports/{import_id}")]
pub async fn get_user_import(app: Data<App>, Then(by, PathId(import)): GetArgs) -> Result<HttpResponse> {
    let view = app.service.read_user_import(&by, import).await?;
    Ok(HttpResponse::Ok().json(view))
}

type CancelArgs = Then<Guarded<UserPermissions>, PathId<entity::UserImport>>;

problems!(CancelProblems = CancelArgs, &[Code::Conflict]);

/// Cancel a user import
///
/// Discards the records that are still waiting. Users who were already imported stay. Repeating the request changes
/// nothing. An import that is done or has failed cannot be cancelled.
#[utoipa::path(
    tag = "user-imports",
    params(ImportPath),
    responses((status = 204, description = "The import is cancelled."), CancelProblems),
)]
#[post("/v1/accounts/{account_id}/user-imports/{import_id}/actions/cancel")]
pub async fn cancel_user_import(app: Data<App>, Then(by, PathId(import)): CancelArgs) -> Result<HttpResponse> {
    app.service.cancel_user_import(&by, import).await?;
    Ok(HttpResponse::NoContent().finish())
}
