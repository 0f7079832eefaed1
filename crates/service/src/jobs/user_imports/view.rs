//! The view of an import that the API returns.

use kernel::{AccountId, Time, UserImportId};
use serde::{Deserialize, Serialize};
use store::tables::jobs::user_imports::UserImport;

/// An import as the API returns it. Serializable so that a first reply can be stored for its idempotency key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserImportView {
    /// The id.
    pub id: UserImportId,
    /// The account.
    pub account_id: AccountId,
    /// `ndjson` or `csv`.
    pub format: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    pub status: String,
    /// Records of the file.
    pub total_lines: u32,
    /// Users that were added so far.
    pub imported: u32,
    /// Records so far that were imported before.
    pub unchanged: u32,
    /// Records so far that could not be imported.
    pub failed_lines: u32,
    /// How many of them came after the first 10,000, whose errors alone are kept. Absent in stored replies of earlier
    /// versions.
    #[serde(default)]
    pub errors_not_kept: u32,
    /// Why it failed.
    pub failure: Option<String>,
    /// When the file was received.
    pub created_at: Time,
    /// When it ended.
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
