//! `[workers]`

use serde::Deserialize;

/// The work that goes on beside requests: bulk jobs, imports of users, mails.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Workers {
    /// Whether this process does such work. If not, it only answers requests, and another process on the same database has
    /// to do the work.
    pub enabled: bool,
}

impl Default for Workers {
    fn default() -> Self {
        Self { enabled: true }
    }
}
