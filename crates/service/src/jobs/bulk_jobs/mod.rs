//! Bulk jobs: one action on many users.
//!
//! A job is a row ([`start`]). A worker takes the account whose turn it is, by a lease, and continues the account's
//! first job ([`work`]): it first collects the users that match a filter ([`collect`]), and then processes them in
//! batches ([`act`]): what is done to each user, its outcome and the count are written in one transaction. So after a
//! crash a user is either done and counted, or waiting, and the next worker continues with the first who waits. An
//! account's jobs are processed one after the other, in the order in which they came; accounts take turns.
//!
//! What the creator was allowed to do when ordering the job may have been taken away since: whether the creator may
//! still act is checked before each part.

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
