//! Reports the progress of the start to whoever waits for it and may give up.

use std::{
    borrow::Cow,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// Shared by the worker and the waiter. The worker reports what it is doing; the waiter says whether it is still
/// wanted.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    step: Mutex<Cow<'static, str>>,
    given_up: AtomicBool,
}

impl Progress {
    /// Reports the current step, as in "connecting to the server".
    pub fn at(&self, step: impl Into<Cow<'static, str>>) {
        *self.0.step.lock().unwrap_or_else(PoisonError::into_inner) = step.into();
    }

    /// The current step.
    pub fn step(&self) -> Cow<'static, str> {
        self.0.step.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives up: whatever only waits ends.
    pub fn give_up(&self) {
        self.0.given_up.store(true, Ordering::Relaxed);
    }

    /// Whether the waiter has given up.
    pub fn is_given_up(&self) -> bool {
        self.0.given_up.load(Ordering::Relaxed)
    }
}
