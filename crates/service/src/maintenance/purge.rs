//! Forgetting what has expired.

use chrono::TimeDelta;
use store::tables::{activations, challenges, idempotency_keys, known_sources, sessions, throttles};

use crate::{Result, service::Service};

/// How long ended challenges and sessions stay, for who asks what happened yesterday.
const KEPT: TimeDelta = TimeDelta::days(1);

/// How long a source stays known to a user who does not come back from there.
const KNOWN: TimeDelta = TimeDelta::days(90);

impl Service {
    /// Forgets expired challenges, sessions with their refresh tokens, activation codes, counters and first replies; how
    /// many. Safe to run at any time and on several nodes at once.
    pub async fn purge(&self) -> Result<usize> {
        let now = self.core.now();
        let settings = &self.core.settings;
        let replies = now - settings.idempotency_lifetime;
        let policies = settings.throttles;
        let longest_memory =
            [policies.password_of_user, policies.password_from_source, policies.code_of_user, policies.work]
                .into_iter()
                .map(|policy| policy.forget_after)
                .max()
                .unwrap_or_default();
        self.store
            .write(move |conn| {
                let mut purged = challenges::purge(conn, now - KEPT)?;
                purged += sessions::purge(conn, now - KEPT)?;
                purged += activations::purge(conn, now - KEPT)?;
                purged += throttles::purge(conn, now - longest_memory)?;
                purged += idempotency_keys::purge(conn, replies)?;
                purged += known_sources::purge(conn, now - KNOWN)?;
                Ok(purged)
            })
            .await
    }
}
