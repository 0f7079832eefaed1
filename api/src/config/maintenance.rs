//! `[maintenance]`

use std::time::Duration;

use serde::Deserialize;

use super::Invalid;

/// What is done from time to time: forgetting what has expired, telling what is about to, deleting accounts whose time has
/// come, writing down how a day began.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Maintenance {
    /// Seconds between two rounds. 0: this process does none of it, and another one on the same database has to.
    pub every_seconds: u32,
}

impl Default for Maintenance {
    fn default() -> Self {
        Self { every_seconds: 600 }
    }
}

impl Maintenance {
    /// Checks the bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        Invalid::unless_within("maintenance.every_seconds", self.every_seconds, 0..=86_400)
    }

    /// How long to rest between two rounds; `None` when another process does it.
    pub fn every(&self) -> Option<Duration> {
        (self.every_seconds > 0).then(|| Duration::from_secs(self.every_seconds.into()))
    }
}
