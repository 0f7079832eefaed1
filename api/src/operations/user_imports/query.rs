//! Which imports to list: the query parameters.

use kernel::UserImportId;
use serde::Deserialize;
use service::ImportStatus;
use utoipa::{IntoParams, ToSchema};

use crate::{
    extract::{Cursor, Limit},
    problem::{Problem, Result},
};

/// Which imports, from where on.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListUserImports {
    /// How many items the page holds at most.
    #[param(value_type = u8, required = false, minimum = 1, maximum = 100, default = 50)]
    limit: Limit,
    /// The `next_cursor` of the page before; without it the first page.
    #[param(value_type = String, required = false, nullable = false)]
    cursor: Option<Cursor>,
    /// Where they stand.
    #[param(inline, required = false, nullable = false)]
    status: Option<ImportStatusFilter>,
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatusFilter {
    /// The file is here; nobody has begun.
    Queued,
    /// It is being imported.
    Running,
    /// Every record has been looked at.
    Done,
    /// It was given up.
    Failed,
    /// Somebody has cancelled it.
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
    /// How many items the page holds at most.
    pub fn limit(&self) -> u16 {
        self.limit.get().into()
    }

    /// Where the imports stand, if that is asked for.
    pub fn status(&self) -> Option<ImportStatus> {
        self.status.map(Into::into)
    }

    /// The import behind which the page begins.
    pub fn before(&self) -> Result<Option<UserImportId>> {
        let refuse = || Problem::malformed(format!("The query parameter `cursor` {}.", Cursor::EXPECTED));
        self.cursor.as_ref().map(|cursor| cursor.key().ok_or_else(refuse)).transpose()
    }
}
