//! Collects failures of single accounts, while the others have their turn.

use kernel::AccountId;

use crate::base::error::{Error, Result};

/// The first failure. One account does not keep those after it waiting.
#[derive(Default)]
pub(super) struct Failures(Option<Error>);

impl Failures {
    /// Notes whether `what` failed for the account.
    pub(super) fn note<T>(&mut self, account: AccountId, what: &'static str, outcome: Result<T>) -> Option<T> {
        let log = |error: &Error| tracing::warn!(%error, %account, "{what} failed; continuing with other accounts");
        self.keep(outcome.inspect_err(log))
    }

    /// Notes whether `what` failed.
    pub(super) fn note_part<T>(&mut self, what: &'static str, outcome: Result<T>) -> Option<T> {
        let log = |error: &Error| tracing::warn!(%error, "{what} failed; continuing with the other parts");
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
