//! Writing down how accounts stand with the second factor when a day begins.

use kernel::AccountId;
use store::tables::two_factor_days;

use crate::{
    Result,
    reports::{day_of, now_of},
    service::Service,
};

/// Accounts that are looked at in one transaction.
const CHUNK: i64 = 100;

impl Service {
    /// Writes down how each account stands of which today is not written down yet; how many. Safe to run at any time and on
    /// several nodes at once: a day is written down once. A day on which nothing ran is not missed: see the trend of the
    /// report.
    pub async fn take_two_factor_snapshots(&self) -> Result<usize> {
        let now = self.core.now();
        let mut taken = 0_usize;
        let mut last: Option<AccountId> = None;
        loop {
            let of = move |conn: &mut store::Conn| -> Result<_> {
                let accounts = two_factor_days::missing(conn, day_of(now), last, CHUNK)?;
                let mut days = Vec::new();
                for account in &accounts {
                    days.extend(now_of(conn, *account, now)?.map(|day| (*account, day)));
                }
                Ok((accounts.last().copied(), days))
            };
            let (end, days) = self.store.read(of).await?;
            let Some(end) = end else { return Ok(taken) };
            last = Some(end);
            let written = move |conn: &mut store::Conn| -> Result<_> {
                let mut written = 0_usize;
                for (account, day) in &days {
                    written = written.saturating_add(usize::from(two_factor_days::insert(conn, *account, day)?));
                }
                Ok(written)
            };
            taken = taken.saturating_add(self.store.write(written).await?);
        }
    }
}
