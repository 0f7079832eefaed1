//! `[accounts]`

use serde::Deserialize;

use super::Invalid;

/// The accounts of the platform's customers.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Accounts {
    /// Days for which the deletion of an account can be undone, unless the request says so.
    pub deletion_delay_days: u16,
}

impl Default for Accounts {
    fn default() -> Self {
        Self { deletion_delay_days: 30 }
    }
}

impl Accounts {
    /// Checks the bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        Invalid::unless_within("accounts.deletion_delay_days", self.deletion_delay_days.into(), 1..=365)
    }
}
