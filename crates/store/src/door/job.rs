//! A closure on its way through a queue, and its outcome on the way back.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use crate::{Conn, StoreError, connection::Access};

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ran {
    /// The closure returned `Ok`: its changes are to stay.
    Kept,
    /// The closure returned an error: its changes are to go.
    Refused,
    /// The closure panicked: its changes are to go, and it is not to be run again.
    Panicked,
}

/// A closure whose types are out of sight. Its outcome is kept until [`Job::reply`], because a write is answered after
/// the commit.
pub(super) trait Job: Send {
    /// Runs the closure and keeps its outcome.
    fn run(&mut self, conn: &mut Conn) -> Ran;
    /// Puts an error in the place of the outcome.
    fn fail(&mut self, error: StoreError);
    /// Sends the outcome. Nothing happens when nobody waits for it.
    fn reply(self: Box<Self>);
    /// Whether nobody waits for the outcome.
    fn is_abandoned(&self) -> bool;
}

/// A job and what a thread must know to take it up.
pub(super) struct Queued {
    access: Access,
    job: Box<dyn Job>,
    since: Instant,
}

impl Queued {
    pub(super) fn new(access: Access, job: Box<dyn Job>) -> Self {
        Self { access, job, since: Instant::now() }
    }

    /// The job, if it is still worth running. One that waited too long is answered here.
    pub(super) fn in_time(mut self, deadline: Duration) -> Option<(Access, Box<dyn Job>)> {
        if self.job.is_abandoned() {
            return None;
        }
        if self.since.elapsed() > deadline {
            self.job.fail(StoreError::Unavailable);
            self.job.reply();
            return None;
        }
        Some((self.access, self.job))
    }
}

/// The one [`Job`].
pub(super) struct Task<T, E, F> {
    closure: F,
    outcome: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Task<T, E, F> {
    /// A job that runs `closure`, and where its outcome will arrive.
    pub(super) fn new(closure: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (answer, outcome) = oneshot::channel();
        (Self { closure, outcome: None, answer }, outcome)
    }
}

impl<T, E, F> Job for Task<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnMut(&mut Conn) -> Result<T, E> + Send,
{
    fn run(&mut self, conn: &mut Conn) -> Ran {
        // The connection is rolled back or dropped afterwards, and the closure does not run again: what the panic left
        // half done is not looked at.
        let (outcome, ran) = match catch_unwind(AssertUnwindSafe(|| (self.closure)(conn))) {
            Ok(Ok(value)) => (Ok(value), Ran::Kept),
            Ok(Err(error)) => (Err(error), Ran::Refused),
            Err(_) => (Err(StoreError::Other("a closure panicked".to_owned()).into()), Ran::Panicked),
        };
        self.outcome = Some(outcome);
        ran
    }

    fn fail(&mut self, error: StoreError) {
        self.outcome = Some(Err(error.into()));
    }

    fn reply(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            let _nobody_waits = self.answer.send(outcome);
        }
    }

    fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }
}
