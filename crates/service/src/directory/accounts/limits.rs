//! What a plan allows.

use crate::base::error::{Error, Result};

/// The greatest limit that can be set: far more users than an account ever has.
const MOST_USERS: u32 = 1_000_000_000;

/// What becomes of a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LimitChange {
    /// It stays as it is.
    #[default]
    Keep,
    /// There is none any more.
    Lift,
    /// It becomes this.
    Set(u32),
}

/// What becomes of the limits of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LimitsChange {
    /// How many users the plan allows.
    pub max_users: LimitChange,
}

impl LimitsChange {
    /// Whether the limits are in their bounds.
    ///
    /// # Errors
    /// [`Error::Validation`].
    pub(super) fn check(self) -> Result<()> {
        match self.max_users {
            LimitChange::Set(max) if max > MOST_USERS => {
                let why = "a plan allows up to 1,000,000,000 users; null for as many as the account likes";
                Err(Error::field("/limits/max_users", "out_of_range", why))
            }
            LimitChange::Keep | LimitChange::Lift | LimitChange::Set(_) => Ok(()),
        }
    }

    /// How many users a plan allows after the change that allowed `before`; `None`: as many as the account likes.
    pub(super) const fn max_users(self, before: Option<u32>) -> Option<u32> {
        match self.max_users {
            LimitChange::Keep => before,
            LimitChange::Lift => None,
            LimitChange::Set(max) => Some(max),
        }
    }
}
