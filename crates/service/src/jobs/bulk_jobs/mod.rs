//! One action on many users.
//!
//! A job is a row ([`start`]). A worker takes the account whose turn it is, by a lease, and goes on with the account's first
//! job ([`work`]): it first collects the users that a filter finds ([`collect`]), and then acts upon some of them at a time
//! ([`act`]): what is done to each, what became of it and the count stand in one transaction. So a crash leaves a user
//! either done and counted or waiting, and the next worker goes on with the first who waits. An account's jobs are done one
//! after the other, in the order in which they came; accounts take turns.
//!
//! What was right when the job was ordered may have been taken away since: whether its creator may still act is looked at
//! before each part.

mod act;
mod action;
mod cancel;
mod collect;
mod creator;
mod list;
mod list_outcomes;
mod purge;
mod read;
mod start;
mod take_activations;
mod view;
mod work;

pub use action::BulkAction;
pub use list_outcomes::{BulkOutcomeFilter, BulkOutcomeView};
pub use start::{BulkRequest, BulkSelection};
pub use take_activations::{TakenActivation, TakenActivations};
pub use view::{BulkCreator, BulkJobView};
