//! Query parameters: which accounts to list, and when one is to be gone.

use chrono::TimeDelta;
use kernel::AccountId;
use serde::Deserialize;
use service::{AccountFilter, AccountStatus};
use utoipa::{IntoParams, ToSchema};

use crate::{
    extract::{Cursor, Limit},
    problem::{Problem, Result},
};

/// Characters of a search.
const MAX_SEARCH: usize = 100;

/// Which accounts, from where on.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListAccounts {
    /// How many items the page holds at most.
    #[param(value_type = u8, required = false, minimum = 1, maximum = 100, default = 50)]
    limit: Limit,
    /// The `next_cursor` of the page before, with the same filters; without it the first page.
    #[param(value_type = String, required = false, nullable = false)]
    cursor: Option<Cursor>,
    /// The beginning of the slug or of the name, without regard to case.
    #[param(required = false, nullable = false, max_length = 100, example = "acme")]
    q: Option<String>,
    /// What becomes of them.
    #[param(inline, required = false, nullable = false)]
    status: Option<StatusFilter>,
}

/// What becomes of an account.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusFilter {
    /// Its people sign in.
    Active,
    /// Nobody of it does.
    Suspended,
    /// Nobody of it does, and it is deleted at a known moment.
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
    /// How many items the page holds at most.
    pub fn limit(&self) -> u16 {
        self.limit.get().into()
    }

    /// The filter.
    pub fn filter(&self) -> Result<AccountFilter> {
        let prefix = self.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
        if prefix.is_some_and(|text| text.chars().nth(MAX_SEARCH).is_some() || text.chars().any(char::is_control)) {
            return Err(Problem::malformed(
                "The query parameter `q` takes up to 100 characters, no control characters.",
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

/// When the account is to be gone.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct DeleteAccount {
    /// For how many days the deletion can be undone; without it as long as the operator has configured, by default 30 days.
    #[param(required = false, nullable = false, minimum = 1, maximum = 365, example = 30)]
    delay_days: Option<u16>,
}

impl DeleteAccount {
    /// How long it can be undone; `None`: as configured.
    pub fn delay(self) -> Result<Option<TimeDelta>> {
        if self.delay_days.is_some_and(|days| !(1..=365).contains(&days)) {
            return Err(Problem::malformed("The query parameter `delay_days` takes a number from 1 to 365."));
        }
        Ok(self.delay_days.map(|days| TimeDelta::days(days.into())))
    }
}
