//! `[maintenance]`

use std::time::Duration;

use serde::Deserialize;

use super::Invalid;

/// Periodic work: deleting what has expired, sending reminders of what is about to, deleting accounts that are due,
/// recording daily counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Maintenance {
    /// Seconds between two rounds. 0: this process does none of it, and another one on the same database must.
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

    /// How long to rest between two rounds; `None`: another process does the work.
    pub fn every(&self) -> Option<Duration> {
        (self.every_seconds > 0).then(|| Duration::from_secs(self.every_seconds.into()))
    }
}
