//! Which imports to list: the query parameters.

use kernel::UserImportId;
use serde::Deserialize;
use service::ImportStatus;
use utoipa::{IntoParams, ToSchema};

use crate::{
    extract::{Cursor, Limit},
    problem::{Problem, Result},
};

/// Which imports, and where the page begins.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
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
