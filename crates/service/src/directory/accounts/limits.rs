//! The limits of an account's plan.

use crate::base::error::{Error, Result};

/// The greatest limit that can be set: far more users than any account has.
const MOST_USERS: u32 = 1_000_000_000;

/// A change of a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LimitChange {
    /// It stays as it is.
    #[default]
    Keep,
    /// The limit is removed.
    Lift,
    /// The limit becomes this.
    Set(u32),
}

/// A change of an account's limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LimitsChange {
    /// How many users the plan allows.
    pub max_users: LimitChange,
}

impl LimitsChange {
    /// Checks that the limits are within their bounds.
    ///
    /// # Errors
    /// [`Error::Validation`].
    pub(super) fn check(self) -> Result<()> {
        match self.max_users {
            LimitChange::Set(max) if max > MOST_USERS => {
                let why = "must be at most 1,000,000,000, or null for no limit";
                Err(Error::field("/limits/max_users", "out_of_range", why))
            }
            LimitChange::Keep | LimitChange::Lift | LimitChange::Set(_) => Ok(()),
        }
    }

    /// How many users a plan allows after the change, when it allowed `before`; `None`: unlimited.
    pub(super) const fn max_users(self, before: Option<u32>) -> Option<u32> {
        match self.max_users {
            LimitChange::Keep => before,
            LimitChange::Lift => None,
            LimitChange::Set(max) => Some(max),
        }
    }
}
