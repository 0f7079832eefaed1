//! `[workers]`

use serde::Deserialize;

/// Background work: bulk jobs, imports of users, mails.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Workers {
    /// Whether this process does background work. If not, it only answers requests, and another process on the same
    /// database must do the work.
    pub enabled: bool,
}

impl Default for Workers {
    fn default() -> Self {
        Self { enabled: true }
    }
}
