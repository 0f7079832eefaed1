//! Which users of a job to list: the query parameters.

use kernel::UserId;
use serde::Deserialize;
use service::BulkOutcomeFilter;
use utoipa::{IntoParams, ToSchema};

use crate::{
    extract::{Cursor, Limit},
    problem::{Problem, Result},
};

/// Which users of a job, and which page of them.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListOutcomes {
    /// Maximum number of items per page.
    #[param(value_type = u8, required = false, minimum = 1, maximum = 100, default = 50)]
    limit: Limit,
    /// The `next_cursor` of the previous page. Omit it to get the first page.
    #[param(value_type = String, required = false, nullable = false)]
    cursor: Option<Cursor>,
    /// Only users with this outcome.
    #[param(inline, required = false, nullable = false)]
    outcome: Option<OutcomeFilter>,
}

/// Outcome for a user.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeFilter {
    /// The action succeeded.
    Succeeded,
    /// There was nothing to do.
    Unchanged,
    /// The action failed.
    Failed,
    /// The user has not been processed yet.
    Waiting,
    /// The job was cancelled or failed before it processed the user.
    Skipped,
}

impl From<OutcomeFilter> for BulkOutcomeFilter {
    fn from(filter: OutcomeFilter) -> Self {
        match filter {
            OutcomeFilter::Succeeded => Self::Succeeded,
            OutcomeFilter::Unchanged => Self::Unchanged,
            OutcomeFilter::Failed => Self::Failed,
            OutcomeFilter::Waiting => Self::Waiting,
            OutcomeFilter::Skipped => Self::Skipped,
        }
    }
}

impl ListOutcomes {
    /// Only users with this outcome.
    pub fn outcome(&self) -> Option<BulkOutcomeFilter> {
        self.outcome.map(Into::into)
    }

    /// The user whom the page comes after.
    pub fn after(&self) -> Result<Option<UserId>> {
        let refuse = || Problem::malformed(format!("The query parameter `cursor` {}.", Cursor::EXPECTED));
        self.cursor.as_ref().map(|cursor| cursor.key().ok_or_else(refuse)).transpose()
    }

    /// Maximum number of items per page.
    pub fn limit(&self) -> u16 {
        self.limit.get().into()
    }
}
