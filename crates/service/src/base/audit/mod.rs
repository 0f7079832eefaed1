//! Records every change and every attempt to sign in.
//!
//! A use case that changes something runs in a [`Tx`](crate::base::tx::Tx) and records what it did, in one line, where
//! it did it:
//!
//! ```text
//! tx.record(account.id, actor.did(Action::UserDisabled).on(&user));
//! ```
//!
//! A use case that finds nothing to change records nothing. The events are the last statements of the transaction: they
//! exist if and only if the change does, and the end of the account's chain is locked for no longer than that takes.

mod journal;
mod who;

pub(crate) use ::audit::{Action, Details, Event, Fact, Outcome};
pub(crate) use journal::Journal;
pub(crate) use who::{by_operator, by_service, names_of, permission_named, two_factor_policy_of};
