//! Records every change and every attempt to sign in.
//!
//! A use case that changes something runs in [`Service::write`](crate::base::service::Service::write) and records what
//! it did, in one line, where it did it:
//!
//! ```text
//! audit.record(account.id, actor.did(Action::UserDisabled).on(&user));
//! ```
//!
//! A use case that finds nothing to change records nothing. The events are the last statements of the transaction: they
//! exist if and only if the change does, and the end of the account's chain is locked for no longer than that takes.

mod export;
mod journal;
mod list;
mod verify;
mod who;

pub use export::AuditExport;
pub use verify::AuditVerification;

pub(crate) use ::audit::{Action, Details, Event, Fact, Outcome};
pub(crate) use journal::Journal;
pub(crate) use who::{by_operator, by_service, names_of, permission_named, two_factor_policy_of};

/// Events that are read at once where there may be any number of them.
const PIECE: i64 = 500;
