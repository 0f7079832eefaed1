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
    /// The closure returned `Ok`: its changes are kept.
    Kept,
    /// The closure returned an error: its changes are rolled back.
    Refused,
    /// The closure panicked: its changes are rolled back, and it does not run again.
    Panicked,
}

/// A closure with its types erased. Its outcome is kept until [`Job::reply`], because a write is answered after the
/// commit.
pub(super) trait Job: Send {
    /// Runs the closure and keeps its outcome.
    fn run(&mut self, conn: &mut Conn) -> Ran;
    /// Replaces the outcome by an error.
    fn fail(&mut self, error: StoreError);
    /// Sends the outcome. Does nothing if nobody waits for it.
    fn reply(self: Box<Self>);
    /// Whether nobody waits for the outcome.
    fn is_abandoned(&self) -> bool;
}

/// A job and what a thread must know to run it.
pub(super) struct Queued {
    access: Access,
    job: Box<dyn Job>,
    since: Instant,
}

impl Queued {
    pub(super) fn new(access: Access, job: Box<dyn Job>) -> Self {
        Self { access, job, since: Instant::now() }
    }

    /// The job, if it is still worth running. A job that waited too long is answered here.
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

/// The one implementation of [`Job`].
pub(super) struct Task<T, E, F> {
    closure: F,
    outcome: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Task<T, E, F> {
    /// A job that runs `closure`, and the receiver of its outcome.
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
        // The connection is rolled back or dropped afterwards, and the closure does not run again: nothing reads what
        // the panic left half done.
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
