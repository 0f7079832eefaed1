//! Forgetting what has expired.

use chrono::TimeDelta;
use store::tables::{
    activations, api_key_secrets, challenges, idempotency_keys, known_sources, outbox, sessions, throttles,
    two_factor_days, user_imports,
};

use crate::{Result, mails::ACTIVATION, reports::day_of, service::Service, user_imports::no_longer_awaited};

/// How long ended challenges and sessions stay, for who asks what happened yesterday.
const KEPT: TimeDelta = TimeDelta::days(1);

/// How long the outcome of an import of users can be read.
const IMPORTS_KEPT: TimeDelta = TimeDelta::days(30);

/// How long a source stays known to a user who does not come back from there.
const KNOWN: TimeDelta = TimeDelta::days(90);

/// How long the days of a trend stay. A report goes back 366 days.
const TREND_KEPT: TimeDelta = TimeDelta::days(400);

impl Service {
    /// Forgets expired challenges, sessions with their refresh tokens, activation codes, replaced secrets of API keys,
    /// counters, first replies, imports of users, mails with expired codes, and bulk jobs; how many. Safe to run at any time and on several nodes at
    /// once.
    pub async fn purge(&self) -> Result<usize> {
        let now = self.core.now();
        let settings = &self.core.settings;
        let replies = now - settings.idempotency_lifetime;
        let policies = settings.throttles;
        let all = [
            policies.password_of_user,
            policies.password_from_source,
            policies.code_of_user,
            policies.work,
            policies.password_checks,
            policies.mails_to_user,
        ];
        let longest_memory = all.into_iter().map(|policy| policy.forget_after).max().unwrap_or_default();
        let jobs = self.purge_bulk_jobs().await?;
        self.store
            .write(move |conn| {
                let mut purged = challenges::purge(conn, now - KEPT)?;
                purged += sessions::purge(conn, now - KEPT)?;
                purged += activations::purge(conn, now - KEPT)?;
                purged += api_key_secrets::purge(conn, now - KEPT)?;
                purged += throttles::purge(conn, now - longest_memory)?;
                purged += idempotency_keys::purge(conn, replies)?;
                purged += user_imports::purge(conn, now - IMPORTS_KEPT, no_longer_awaited(now))?;
                purged += known_sources::purge(conn, now - KNOWN)?;
                purged += outbox::purge(conn, ACTIVATION, now)?;
                purged += two_factor_days::purge(conn, day_of(now - TREND_KEPT))?;
                Ok(purged.saturating_add(jobs))
            })
            .await
    }
}
