//! Leases and the loop of background workers, of which any number of nodes may run.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::{OsRandom, Random, Time};
use store::tables::base::lease::{Lease, LeaseClock};
use tokio::sync::Notify;

use crate::base::error::{Error, Result};

/// How long a node keeps its work without a sign of life. A part of the work takes far less; even one that is taken
/// over in vain is done only once, since its transaction checks the lease again.
const LEASE: TimeDelta = TimeDelta::seconds(10);

/// How often the same part of the work may be attempted. A worker that does not come back was stopped by the work
/// itself, or by something that may pass: the lease grows from 10 seconds to 160, so that all attempts together take
/// more than 5 minutes.
pub(crate) const MAX_ATTEMPTS: u32 = 5;

/// How far the clocks of two nodes may differ. A lease that ends later than this allows was taken by a clock that has
/// been set back since.
pub(crate) const CLOCKS_APART: TimeDelta = TimeDelta::minutes(1);

/// How often a node looks for work that arrived at another node, which may have stopped since.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// A lease for a new holder, after this many failed attempts.
pub(crate) fn new_lease(now: Time, attempts: u32) -> Lease {
    Lease { holder: OsRandom.bytes(), until: now + lease_of_attempt(attempts) }
}

/// How long a new holder keeps the work, after this many failed attempts.
fn lease_of_attempt(attempts: u32) -> TimeDelta {
    let times = 1_i32.checked_shl(attempts.min(MAX_ATTEMPTS - 1)).unwrap_or(i32::MAX);
    LEASE.checked_mul(times).unwrap_or(LEASE)
}

/// A lease of the same holder, extended.
pub(crate) fn renewed(holder: [u8; 16], now: Time) -> Lease {
    Lease { holder, until: now + LEASE }
}

/// The clock that decides which leases are valid.
pub(crate) fn lease_clock(now: Time) -> LeaseClock {
    LeaseClock { now, latest: now + lease_of_attempt(MAX_ATTEMPTS) + CLOCKS_APART }
}

/// Does one piece of work after the other as they arrive; never returns. `next`: does one, and returns whether there
/// was one.
pub(crate) async fn work(came: &Notify, what: &'static str, next: impl AsyncFn() -> Result<bool>) {
    loop {
        match next().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "{what} is delayed"),
        }
        tokio::select! {
            () = came.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Whether the error may pass, so that another attempt may succeed.
pub(crate) fn passes(error: &Error) -> bool {
    matches!(error, Error::DatabaseUnavailable | Error::Overloaded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leases_of_attempts_in_vain_grow_and_are_bounded() {
        let seconds: Vec<_> = (0..8).map(|attempts| lease_of_attempt(attempts).num_seconds()).collect();
        assert_eq!(seconds, [10, 20, 40, 80, 160, 160, 160, 160]);
    }
}
