//! An import as the API returns it.

use kernel::{AccountId, Time, UserImportId};
use serde::{Deserialize, Serialize};
use store::tables::jobs::user_imports::UserImport;
use utoipa::ToSchema;

/// A user import and its progress.
// Serializable so that a first reply can be stored for its idempotency key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = UserImport)]
pub struct UserImportView {
    /// The id.
    #[schema(value_type = String, format = Uuid, examples("01997f61-2b7c-7d10-8a5e-90c1f2b3d4e5"))]
    pub id: UserImportId,
    /// The account.
    #[schema(value_type = String, format = Uuid, examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    pub account_id: AccountId,
    /// `ndjson` or `csv`.
    #[schema(examples("ndjson"))]
    pub format: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`. More values may be added.
    #[schema(examples("done"))]
    pub status: String,
    /// The number of records in the file. Empty lines and the CSV header are not counted.
    #[schema(examples(3))]
    pub total_lines: u32,
    /// The number of users added so far.
    #[schema(examples(2))]
    pub imported: u32,
    /// The number of records so far that had been imported before and were skipped.
    #[schema(examples(0))]
    pub unchanged: u32,
    /// The number of records so far that could not be imported; see `/errors`.
    #[schema(examples(1))]
    pub failed_lines: u32,
    /// How many of the failed records `/errors` does not list: only the first 10,000 errors of a file are kept.
    // Absent in stored replies of earlier versions.
    #[serde(default)]
    #[schema(required = true, examples(0))]
    pub errors_not_kept: u32,
    /// With `failed`: why the import was abandoned. Users who were already imported stay.
    #[schema(required = true, examples(json!(null)))]
    pub failure: Option<String>,
    /// When the file was received.
    #[schema(value_type = String, format = DateTime, examples("2026-03-01T12:00:00Z"))]
    pub created_at: Time,
    /// When the import was done, failed or was cancelled; null while it is open.
    #[schema(required = true, value_type = Option<String>, format = DateTime, examples("2026-03-01T12:00:01Z"))]
    pub finished_at: Option<Time>,
}

impl From<UserImport> for UserImportView {
    fn from(import: UserImport) -> Self {
        Self {
            id: import.id,
            account_id: import.account_id,
            format: import.format,
            status: import.status.as_str().to_owned(),
            total_lines: import.total_lines,
            imported: import.tally.imported,
            unchanged: import.tally.unchanged,
            failed_lines: import.tally.failed_lines,
            errors_not_kept: import.errors_not_kept,
            failure: import.failure,
            created_at: import.created_at,
            finished_at: import.finished_at,
        }
    }
}
