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
