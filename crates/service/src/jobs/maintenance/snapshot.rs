//! Records the two-factor counts of accounts at the beginning of a day.

use kernel::{AccountId, Time};
use store::{Conn, tables::jobs::two_factor_days};

use super::failures::Failures;
use crate::{
    base::{
        error::{Error, Result},
        service::Service,
    },
    jobs::reports::{day_of, now_of},
};

/// Accounts that are read at a time.
const CHUNK: i64 = 100;

impl Service {
    /// Records the two-factor counts of each account that has none for today; returns how many accounts. Safe to run at
    /// any time and on several nodes at once: a day is recorded once. A day on which nothing ran leaves no gap: see the
    /// trend of the report.
    ///
    /// # Errors
    /// The first failure, after the other accounts have had their turn.
    pub async fn take_two_factor_snapshots(&self) -> Result<usize> {
        let now = self.core.now();
        let (mut taken, mut failures) = (0_usize, Failures::default());
        let mut last: Option<AccountId> = None;
        loop {
            let missing =
                move |conn: &mut Conn| Ok::<_, Error>(two_factor_days::missing(conn, day_of(now), last, CHUNK)?);
            let accounts = self.store.read(missing).await?;
            let Some(end) = accounts.last() else { return failures.or(taken) };
            last = Some(*end);
            for account in accounts {
                let written = self.take_snapshot_of(account, now).await;
                let written = failures.note(account, "recording a day of the two-factor trend", written);
                taken = taken.saturating_add(usize::from(written == Some(true)));
            }
        }
    }

    /// Whether this call recorded the day.
    async fn take_snapshot_of(&self, account: AccountId, now: Time) -> Result<bool> {
        let day = self.store.read_much_in_background(account, move |conn| now_of(conn, account, now)).await?;
        let Some(day) = day else { return Ok(false) };
        self.store.write(move |conn| Ok::<_, Error>(two_factor_days::insert(conn, account, &day)?)).await
    }
}
