//! What is written down of wrong guesses.

use kernel::AccountId;

use crate::base::audit::{Action, Details, Event, Journal, Outcome};
use crate::base::throttling::Counted;

/// Records a wrong guess and how many there have been; and, after the first one that makes the next one wait, that too.
/// Whoever does not wait is turned away before anything is looked at, and nothing more is written down: how many rows
/// there can be follows from how many guesses are answered.
pub(crate) fn record_failure(audit: &mut Journal, account: AccountId, event: Event, counted: Counted) {
    let event = event.ending_in(Outcome::Failure);
    let wait = waiting(&event, counted);
    audit.record(account, event.with("failures", counted.failures));
    if let Some(wait) = wait {
        audit.record(account, wait);
    }
}

/// What is written down of a counter that begins to make guesses wait with this one.
pub(crate) fn waiting(guess: &Event, counted: Counted) -> Option<Event> {
    let event = Event { action: Action::LoginThrottled, details: Details::default(), ..guess.clone() };
    let event = event.with("counter", counted.counter).with("failures", counted.failures);
    counted.begins_to_wait.then(|| event.with("wait_seconds", counted.wait_seconds))
}
