//! The one loop of background work: bulk jobs, imports and mails wait in tables, and any number of nodes do them.
//!
//! A worker asks whose turn it is, takes that work by a lease ([`attempts`]), does a few steps of it, and lets the next
//! have its turn ([`turn`]). When nothing waits, it rests until something arrives ([`mod@run`]). What is done, and in which
//! transactions, is up to the kind: it implements [`Worker`].

mod attempts;
mod run;
mod turn;

pub(super) use attempts::{Attempts, LEASES};
pub(super) use run::run;
pub(super) use turn::{Step, Worker, passes, take_turn};

/// What readers of a job or an import see when it failed for a reason that does not pass.
pub(super) const SERVICE_FAILED: &str = "the service failed; its log has the reason";
