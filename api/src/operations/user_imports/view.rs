//! An import in replies, and its path.
#![expect(dead_code, reason = "the fields of the path are read by the derive that documents them")]

use chrono::{DateTime, Utc};
use serde::Serialize;
use service::UserImportView;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The account and the import in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ImportPath {
    /// The id of the account.
    #[param(example = "01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10")]
    account_id: Uuid,
    /// The id of the import.
    #[param(example = "01997f61-2b7c-7d10-8a5e-90c1f2b3d4e5")]
    import_id: Uuid,
}

/// An import of users and how far it has come.
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
    /// `queued`, `running`, `done`, `failed` or `cancelled`. More may come.
    #[schema(examples("done"))]
    status: String,
    /// Records of the file. Empty lines and the header of CSV are none.
    #[schema(examples(3))]
    total_lines: u32,
    /// Users that were added so far.
    #[schema(examples(2))]
    imported: u32,
    /// Records so far that were imported before. Nothing was done for them.
    #[schema(examples(0))]
    unchanged: u32,
    /// Records so far that could not be imported; see `/errors`.
    #[schema(examples(1))]
    failed_lines: u32,
    /// How many of them `/errors` does not list: of one file the first 10,000 are kept.
    #[schema(examples(0))]
    errors_not_kept: u32,
    /// With `failed`: why the import was given up. What was imported before stays.
    #[schema(required = true, examples(json!(null)))]
    failure: Option<String>,
    /// When the file came.
    #[schema(examples("2026-03-01T12:00:00Z"))]
    created_at: DateTime<Utc>,
    /// When it was done, failed or was cancelled.
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
