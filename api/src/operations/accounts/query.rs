//! Query parameters: which accounts to list, and when to delete one.

use chrono::TimeDelta;
use kernel::AccountId;
use serde::Deserialize;
use service::{AccountFilter, AccountStatus};
use utoipa::{IntoParams, ToSchema};

use crate::{
    extract::{Cursor, Limit},
    problem::{Problem, Result},
};

/// Maximum number of characters of a search.
const MAX_SEARCH: usize = 100;

/// Which accounts, and which page of them.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListAccounts {
    /// Maximum number of items per page.
    #[param(value_type = u8, required = false, minimum = 1, maximum = 100, default = 50)]
    limit: Limit,
    /// The `next_cursor` of the previous page, with the same filters. Omit it to get the first page.
    #[param(value_type = String, required = false, nullable = false)]
    cursor: Option<Cursor>,
    /// Beginning of the slug or name, case-insensitive.
    #[param(required = false, nullable = false, max_length = 100, example = "acme")]
    q: Option<String>,
    /// Account status.
    #[param(inline, required = false, nullable = false)]
    status: Option<StatusFilter>,
}

/// Status of an account.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusFilter {
    /// Its users can sign in.
    Active,
    /// Nobody can sign in.
    Suspended,
    /// Nobody can sign in, and the account will be permanently deleted at a known time.
    Deleting,
}

impl From<StatusFilter> for AccountStatus {
    fn from(filter: StatusFilter) -> Self {
        match filter {
            StatusFilter::Active => Self::Active,
            StatusFilter::Suspended => Self::Suspended,
            StatusFilter::Deleting => Self::Deleting,
        }
    }
}

impl ListAccounts {
    /// Maximum number of items per page.
    pub fn limit(&self) -> u16 {
        self.limit.get().into()
    }

    /// The filter.
    pub fn filter(&self) -> Result<AccountFilter> {
        let prefix = self.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
        if prefix.is_some_and(|text| text.chars().nth(MAX_SEARCH).is_some() || text.chars().any(char::is_control)) {
            return Err(Problem::malformed(
                "The query parameter `q` must have at most 100 characters and no control characters.",
            ));
        }
        Ok(AccountFilter { prefix: prefix.map(str::to_owned), status: self.status.map(AccountStatus::from) })
    }

    /// The account that the page comes after.
    pub fn after(&self) -> Result<Option<AccountId>> {
        let refuse = || Problem::malformed(format!("The query parameter `cursor` {}.", Cursor::EXPECTED));
        self.cursor.as_ref().map(|cursor| cursor.key().ok_or_else(refuse)).transpose()
    }
}

/// When to delete the account.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct DeleteAccount {
    /// Number of days during which the deletion can be undone. If absent, the operator's setting applies (30 days by
    /// default).
    #[param(required = false, nullable = false, minimum = 1, maximum = 365, example = 30)]
    delay_days: Option<u16>,
}

impl DeleteAccount {
    /// How long the deletion can be undone; `None`: as configured.
    pub fn delay(self) -> Result<Option<TimeDelta>> {
        if self.delay_days.is_some_and(|days| !(1..=365).contains(&days)) {
            return Err(Problem::malformed("The query parameter `delay_days` must be a number from 1 to 365."));
        }
        Ok(self.delay_days.map(|days| TimeDelta::days(days.into())))
    }
}
