//! What a plan allows.

use crate::{Error, Result};

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
    /// The new greatest number of users (inside `None`: no limit); `None`: it stays.
    ///
    /// # Errors
    /// [`Error::Validation`] for a number that is out of bounds.
    pub(super) fn parse(self) -> Result<Option<Option<u32>>> {
        match self.max_users {
            LimitChange::Keep => Ok(None),
            LimitChange::Lift => Ok(Some(None)),
            LimitChange::Set(max) if max <= MOST_USERS => Ok(Some(Some(max))),
            LimitChange::Set(_) => {
                let why = "a plan allows up to 1,000,000,000 users; null for as many as the account likes";
                Err(Error::field("/limits/max_users", "out_of_range", why))
            }
        }
    }
}
