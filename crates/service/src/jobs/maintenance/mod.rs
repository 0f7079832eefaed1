//! Periodic maintenance.

mod failures;
mod purge;
mod purge_accounts;
mod remind;
mod snapshot;
mod trim_history;

pub(crate) use remind::still_due;
