//! Work that is done beside requests, by any number of nodes: who may do it, and when.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::{OsRandom, Random, Time};
use store::tables::lease::{Lease, LeaseClock};
use tokio::sync::Notify;

use crate::Result;

/// How long a node that gives no sign of life keeps what it works on. A part of the work takes far less, and one that is
/// taken over all the same is done once: the lease is looked at again in its transaction.
pub(crate) const LEASE: TimeDelta = TimeDelta::seconds(10);

/// How far the clocks of two nodes may be apart. A lease that ends later than that was taken by a clock that has been set
/// back since.
pub(crate) const CLOCKS_APART: TimeDelta = TimeDelta::minutes(1);

/// How often a node looks for what came to another one, which may have stopped since.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// A lease for somebody new.
pub(crate) fn new_lease(now: Time) -> Lease {
    renewed(OsRandom.bytes(), now)
}

/// The lease of who has it already.
pub(crate) fn renewed(holder: [u8; 16], now: Time) -> Lease {
    Lease { holder, until: now + LEASE }
}

/// What tells leases that count.
pub(crate) fn lease_clock(now: Time) -> LeaseClock {
    LeaseClock { now, latest: now + LEASE + CLOCKS_APART }
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
