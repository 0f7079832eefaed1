//! Purges what has expired.

use chrono::TimeDelta;
use kernel::Time;
use store::{
    Conn,
    tables::{
        base::{idempotency_keys, outbox, throttles},
        directory::{activations, api_key_secrets},
        jobs::{two_factor_days, user_import_errors, user_imports},
        sign_in::{challenges, known_sources, one_time_replies, refresh_tokens, sessions},
    },
};

use super::failures::Failures;
use crate::{
    base::{
        error::{Error, Result},
        outbox::ACTIVATION,
        service::Service,
    },
    jobs::{reports::day_of, user_imports::no_longer_awaited},
};

/// Rows that one transaction deletes at most, so that others do not wait long.
const ROWS: i64 = 1_000;

/// Imports that are read at a time.
const IMPORTS: i64 = 100;

/// How long ended challenges and sessions are kept, for questions about what happened yesterday.
const KEPT: TimeDelta = TimeDelta::days(1);

/// How long the outcome of a user import can be read.
const IMPORTS_KEPT: TimeDelta = TimeDelta::days(30);

/// How long a source stays known for a user who does not come back from there.
const KNOWN: TimeDelta = TimeDelta::days(90);

/// How long the days of a trend are kept. A report goes back 366 days.
const TREND_KEPT: TimeDelta = TimeDelta::days(400);

impl Service {
    /// Deletes expired challenges, sessions with their refresh tokens, activation codes, replaced secrets of API keys,
    /// counters, first replies, user imports, mails with expired codes, and bulk jobs; returns how many. It works in
    /// small transactions, and deletes only what has expired when it begins, so that it always ends. Safe to run at any
    /// time and on several nodes at once.
    ///
    /// # Errors
    /// The first failure, after everything else has had its turn.
    pub async fn purge(&self) -> Result<usize> {
        let now = self.core.now();
        let settings = &self.core.settings;
        let (ended, replies) = (now - KEPT, now - settings.idempotency_lifetime);
        let policies = settings.throttles;
        let all = [
            policies.password_of_user,
            policies.password_from_source,
            policies.code_of_user,
            policies.work,
            policies.password_checks,
            policies.mails_to_user,
        ];
        let counters = now - all.into_iter().map(|policy| policy.forget_after).max().unwrap_or_default();
        let (mut purged, mut failures) = (0_usize, Failures::default());
        let mut count = |what, some: Result<usize>| {
            purged = purged.saturating_add(failures.note_part(what, some).unwrap_or(0));
        };
        let some = self.purge_rows(move |conn| challenges::purge(conn, ended, ROWS)).await;
        count("deleting old challenges", some);
        // They are deleted with their sessions, which may have very many.
        let some = self.purge_rows(move |conn| refresh_tokens::purge(conn, ended, ROWS)).await;
        count("deleting old refresh tokens", some.map(|_| 0));
        let some = self.purge_rows(move |conn| sessions::purge(conn, ended, ROWS)).await;
        count("deleting old sessions", some);
        let some = self.purge_rows(move |conn| activations::purge(conn, ended, ROWS)).await;
        count("deleting old activation codes", some);
        let some = self.purge_rows(move |conn| api_key_secrets::purge(conn, ended, ROWS)).await;
        count("deleting old secrets of API keys", some);
        let some = self.purge_rows(move |conn| throttles::purge(conn, counters, ROWS)).await;
        count("deleting old counters", some);
        let some = self.purge_rows(move |conn| idempotency_keys::purge(conn, replies, ROWS)).await;
        count("deleting old replies to idempotency keys", some);
        let some = self.purge_rows(move |conn| one_time_replies::purge(conn, now, ROWS)).await;
        count("deleting old one-time replies", some);
        let some = self.purge_rows(move |conn| known_sources::purge(conn, now - KNOWN, ROWS)).await;
        count("deleting old known sources", some);
        let some = self.purge_rows(move |conn| two_factor_days::purge(conn, day_of(now - TREND_KEPT), ROWS)).await;
        count("deleting old days of the two-factor trend", some);
        let some = self.purge_rows(move |conn| outbox::purge(conn, ACTIVATION, now, ROWS)).await;
        count("deleting old mails", some);
        count("deleting old imports", self.purge_imports(now).await);
        count("deleting old codes of bulk jobs", self.purge_codes_of_bulk_jobs().await.map(|()| 0));
        count("deleting old bulk jobs", self.purge_bulk_jobs().await);
        failures.or(purged)
    }

    /// Runs `purge`, which deletes [`ROWS`] rows at most, until no rows are left; returns how many there were. Where
    /// another node deletes the same ones, the rest is left to it.
    async fn purge_rows(
        &self,
        purge: impl Fn(&mut Conn) -> store::Result<usize> + Copy + Send + 'static,
    ) -> Result<usize> {
        let mut purged = 0_usize;
        loop {
            let some = self.store.write(move |conn| Ok::<_, Error>(purge(conn)?)).await?;
            purged = purged.saturating_add(some);
            if i64::try_from(some).is_ok_and(|some| some < ROWS) {
                return Ok(purged);
            }
        }
    }

    /// Deletes imports, one after the other; returns how many.
    async fn purge_imports(&self, now: Time) -> Result<usize> {
        let (finished, begun) = (now - IMPORTS_KEPT, no_longer_awaited(now));
        let mut purged = 0_usize;
        loop {
            let over = move |conn: &mut Conn| Ok::<_, Error>(user_imports::over(conn, finished, begun, IMPORTS)?);
            let over = self.store.read(over).await?;
            if over.is_empty() {
                return Ok(purged);
            }
            for (account, import) in over {
                self.purge_rows(move |conn| user_import_errors::delete_some(conn, account, import, ROWS)).await?;
                let delete = move |conn: &mut Conn| Ok::<_, Error>(user_imports::delete_over(conn, account, import)?);
                purged = purged.saturating_add(usize::from(self.store.write(delete).await?));
            }
        }
    }
}
