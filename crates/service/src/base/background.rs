//! Work that is done beside requests, by any number of nodes: who may do it, and when.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::{OsRandom, Random, Time};
use store::tables::base::lease::{Lease, LeaseClock};
use tokio::sync::Notify;

use crate::base::error::{Error, Result};

/// How long a node that gives no sign of life keeps what it works on. A part of the work takes far less, and one that is
/// taken over all the same is done once: the lease is looked at again in its transaction.
const LEASE: TimeDelta = TimeDelta::seconds(10);

/// How often the same part of the work may be begun with. Whoever does not come back was stopped by it, or by something that
/// may pass: the lease grows from ten seconds to 160, so that all attempts take more than five minutes.
pub(crate) const MAX_ATTEMPTS: u32 = 5;

/// How far the clocks of two nodes may be apart. A lease that ends later than that was taken by a clock that has been set
/// back since.
pub(crate) const CLOCKS_APART: TimeDelta = TimeDelta::minutes(1);

/// How often a node looks for what came to another one, which may have stopped since.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// A lease for somebody new, after this many attempts in vain.
pub(crate) fn new_lease(now: Time, attempts: u32) -> Lease {
    Lease { holder: OsRandom.bytes(), until: now + lease_of_attempt(attempts) }
}

/// How long something is kept by whoever begins with it after this many attempts in vain.
fn lease_of_attempt(attempts: u32) -> TimeDelta {
    let times = 1_i32.checked_shl(attempts.min(MAX_ATTEMPTS - 1)).unwrap_or(i32::MAX);
    LEASE.checked_mul(times).unwrap_or(LEASE)
}

/// The lease of who has it already.
pub(crate) fn renewed(holder: [u8; 16], now: Time) -> Lease {
    Lease { holder, until: now + LEASE }
}

/// What tells leases that count.
pub(crate) fn lease_clock(now: Time) -> LeaseClock {
    LeaseClock { now, latest: now + lease_of_attempt(MAX_ATTEMPTS) + CLOCKS_APART }
}

/// Does one thing after the other as they come; never ends. `next`: does one, and tells whether there was one.
pub(crate) async fn work(came: &Notify, what: &'static str, next: impl AsyncFn() -> Result<bool>) {
    loop {
        match next().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "{what} waits"),
        }
        tokio::select! {
            () = came.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Whether another try later may do better.
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
