//! What went wrong with some accounts, when the others have had their turn.

use kernel::AccountId;

use crate::base::error::{Error, Result};

/// The first failure. One account does not keep those after it waiting.
#[derive(Default)]
pub(super) struct Failures(Option<Error>);

impl Failures {
    /// Notes that `what` could not be done for the account, if so.
    pub(super) fn note<T>(&mut self, account: AccountId, what: &'static str, outcome: Result<T>) -> Option<T> {
        let log = |error: &Error| tracing::warn!(%error, %account, "{what} failed; other accounts go on");
        self.keep(outcome.inspect_err(log))
    }

    /// Notes that `what` could not be done, if so.
    pub(super) fn note_part<T>(&mut self, what: &'static str, outcome: Result<T>) -> Option<T> {
        let log = |error: &Error| tracing::warn!(%error, "{what} failed; the other parts go on");
        self.keep(outcome.inspect_err(log))
    }

    fn keep<T>(&mut self, outcome: Result<T>) -> Option<T> {
        outcome.map_err(|error| self.0.get_or_insert(error)).ok()
    }

    /// `outcome`, unless something failed.
    ///
    /// # Errors
    /// The first failure.
    pub(super) fn or<T>(self, outcome: T) -> Result<T> {
        self.0.map_or(Ok(outcome), Err)
    }
}
