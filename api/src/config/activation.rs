//! `[activation]`

use serde::Deserialize;

use super::Invalid;

const DAY: u32 = 24 * 60 * 60;

/// Activation codes, with which a new user sets a first password.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Activation {
    /// Seconds that a code is valid.
    pub lifetime_seconds: u32,
}

impl Default for Activation {
    fn default() -> Self {
        Self { lifetime_seconds: 7 * DAY }
    }
}

impl Activation {
    /// Checks the bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        Invalid::unless_within("activation.lifetime_seconds", self.lifetime_seconds, 60..=90 * DAY)
    }
}
