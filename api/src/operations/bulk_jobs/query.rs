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
    /// How many items the page holds at most.
    #[param(value_type = u8, required = false, minimum = 1, maximum = 100, default = 50)]
    limit: Limit,
    /// The `next_cursor` of the page before; without it the first page.
    #[param(value_type = String, required = false, nullable = false)]
    cursor: Option<Cursor>,
    /// Only users of whom this became.
    #[param(inline, required = false, nullable = false)]
    outcome: Option<OutcomeFilter>,
}

/// What became of a user.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeFilter {
    /// It was done.
    Succeeded,
    /// There was nothing to do.
    Unchanged,
    /// It could not be done.
    Failed,
    /// The job will look at the user yet.
    Waiting,
    /// The job was cancelled or has failed before it looked at the user.
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
    /// Only users of whom this became.
    pub fn outcome(&self) -> Option<BulkOutcomeFilter> {
        self.outcome.map(Into::into)
    }

    /// The user whom the page comes after.
    pub fn after(&self) -> Result<Option<UserId>> {
        let refuse = || Problem::malformed(format!("The query parameter `cursor` {}.", Cursor::EXPECTED));
        self.cursor.as_ref().map(|cursor| cursor.key().ok_or_else(refuse)).transpose()
    }

    /// How many items the page holds at most.
    pub fn limit(&self) -> u16 {
        self.limit.get().into()
    }
}
