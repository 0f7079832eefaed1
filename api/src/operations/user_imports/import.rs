//! User imports of an account: `/v1/accounts/{account_id}/user-imports`

use actix_web::{HttpRequest, HttpResponse, get, post, web::Data};
use chrono::{DateTime, Utc};
use kernel::{UserImportId, entity};
use serde::{Deserialize, Serialize};
use service::{ImportStatus, UserImportView};
use utoipa::ToSchema;
use uuid::Uuid;

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

/// A user import and its progress.
#[derive(Serialize, ToSchema)]
pub struct UserImport {
    /// The id.
    #[schema(examples("01997f61-2b7c-7d10-8a5e-90c1f2b3d4e5"))]
    id: Uuid,
    /// The account.
    #[schema(examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    account_id: Uuid,
    /// `ndjson` or `csv`.
    #[schema(examples("ndjson"))]
    format: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`. More values may be added.
    #[schema(examples("done"))]
    status: String,
    /// The number of records in the file. Empty lines and the CSV header are not counted.
    #[schema(examples(3))]
    total_lines: u32,
    /// The number of users added so far.
    #[schema(examples(2))]
    imported: u32,
    /// The number of records so far that had been imported before and were skipped.
    #[schema(examples(0))]
    unchanged: u32,
    /// The number of records so far that could not be imported; see `/errors`.
    #[schema(examples(1))]
    failed_lines: u32,
    /// How many of these `/errors` does not list: only the first 10,000 of a file are kept.
    #[schema(examples(0))]
    errors_not_kept: u32,
    /// With `failed`: why the import was abandoned. Users who were already imported stay.
    #[schema(required = true, examples(json!(null)))]
    failure: Option<String>,
    /// When the file was received.
    #[schema(examples("2026-03-01T12:00:00Z"))]
    created_at: DateTime<Utc>,
    /// When the import was done, failed or was cancelled; null while it is open.
    #[schema(required = true, examples("2026-03-01T12:00:01Z"))]
    finished_at: Option<DateTime<Utc>>,
}

impl From<UserImportView> for UserImport {
    fn from(view: UserImportView) -> Self {
        Self {
            id: view.id.as_uuid(),
            account_id: view.account_id.as_uuid(),
            format: view.format,
            status: view.status,
            total_lines: view.total_lines,
            imported: view.imported,
            unchanged: view.unchanged,
            failed_lines: view.failed_lines,
            errors_not_kept: view.errors_not_kept,
            failure: view.failure,
            created_at: view.created_at,
            finished_at: view.finished_at,
        }
    }
}

/// A page of imports.
#[derive(Serialize, ToSchema)]
pub struct UserImportPage {
    /// The imports, newest first.
    items: Vec<UserImport>,
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
    Ok(paged(&http, page, |items, next_cursor| UserImportPage {
        items: items.into_iter().map(UserImport::from).collect(),
        next_cursor,
    }))
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
    responses((status = 200, description = "The import.", body = UserImport), GetProblems),
)]
#[get("/v1/accounts/{account_id}/user-imports/{import_id}")]
pub async fn get_user_import(app: Data<App>, Then(by, PathId(import)): GetArgs) -> Result<HttpResponse> {
    let view = app.service.read_user_import(&by, import).await?;
    Ok(HttpResponse::Ok().json(UserImport::from(view)))
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
