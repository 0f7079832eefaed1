//! Records wrong guesses.

use kernel::AccountId;

use crate::base::{
    audit::{Action, Details, Event, Outcome},
    throttling::Counted,
    tx::Tx,
};

/// Records a wrong guess and how many there have been, and also that the next must wait, when this is the first such
/// one. A guess that comes too early is rejected before anything is checked, and is not recorded: the number of guesses
/// that are answered bounds the number of rows.
pub(crate) fn record_failure(tx: &mut Tx<'_>, account: AccountId, event: Event, counted: Counted) {
    let event = event.ending_in(Outcome::Failure);
    let wait = waiting(&event, counted);
    tx.record(account, event.with("failures", counted.failures));
    if let Some(wait) = wait {
        tx.record(account, wait);
    }
}

/// The event for a counter that makes guesses wait from this one on.
pub(crate) fn waiting(guess: &Event, counted: Counted) -> Option<Event> {
    let event = Event { action: Action::LoginThrottled, details: Details::default(), ..guess.clone() };
    let event = event.with("counter", counted.counter).with("failures", counted.failures);
    counted.begins_to_wait.then(|| event.with("wait_seconds", counted.wait_seconds))
}
