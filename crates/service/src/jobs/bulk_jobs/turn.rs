//! The turn of an account: a worker processes its jobs for a few steps.

use kernel::{AccountId, BulkJobId, UserId};

/// The result of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TurnStep {
    /// It was done; there may be another.
    Went,
    /// The account has no more jobs, and its turn is over.
    Idle,
    /// Another node has taken over.
    Lost,
}

/// An account's turn.
pub(super) struct Turn {
    pub(super) account: AccountId,
    pub(super) holder: [u8; 16],
    /// The last user of this job that was processed. Only speeds up the search: the rows say who waits.
    pub(super) place: Option<(BulkJobId, UserId)>,
    /// How many users are processed at a time.
    pub(super) users: usize,
}
