//! What the start of the program is about: for whoever waits for it, and may give up.

use std::{
    borrow::Cow,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// Shared by who works and who waits. The one says what is being done, the other whether it is still wanted.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    step: Mutex<Cow<'static, str>>,
    given_up: AtomicBool,
}

impl Progress {
    /// Says what is being done from now on, as in "connecting to the server".
    pub fn at(&self, step: impl Into<Cow<'static, str>>) {
        *self.0.step.lock().unwrap_or_else(PoisonError::into_inner) = step.into();
    }

    /// What is being done.
    pub fn step(&self) -> Cow<'static, str> {
        self.0.step.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Nobody waits any more: what only waits is to end.
    pub fn give_up(&self) {
        self.0.given_up.store(true, Ordering::Relaxed);
    }

    /// Whether nobody waits any more.
    pub fn is_given_up(&self) -> bool {
        self.0.given_up.load(Ordering::Relaxed)
    }
}
