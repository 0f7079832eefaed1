//! The threads that own the connections, from start to end.

use std::{
    convert::Infallible,
    thread::{self, JoinHandle},
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender};

use super::OpenError;

/// How long the end of the store waits for threads: longer than queued work may take, but not forever, because a
/// hanging server would hold up the end of the program.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a thread does until its queue is closed and empty.
pub(super) trait Work: Send + 'static {
    /// Serves the queue. Jobs that waited longer than `deadline` are rejected.
    fn run(self, deadline: Duration);
}

/// Threads that are being started.
pub(super) struct Threads {
    deadline: Duration,
    alive: Sender<()>,
    stopping: Stopping,
}

impl Threads {
    /// No threads yet. Their jobs may wait for `deadline`.
    pub(super) fn new(deadline: Duration) -> Self {
        let (alive, ended) = crossbeam_channel::bounded(0);
        let (open, closed) = crossbeam_channel::bounded(0);
        Self { deadline, alive, stopping: Stopping { ended, handles: vec![], closed: Closed(closed), _open: open } }
    }

    /// Starts a thread.
    pub(super) fn spawn(&mut self, name: &str, work: impl Work) -> Result<(), OpenError> {
        let (alive, deadline) = (self.alive.clone(), self.deadline);
        let body = move || {
            let _alive = alive;
            work.run(deadline);
        };
        let handle = thread::Builder::new().name(name.to_owned()).spawn(body).map_err(OpenError::Thread)?;
        self.stopping.handles.push(handle);
        Ok(())
    }

    /// Finishes the start: all threads run.
    pub(super) fn stopping(self) -> Stopping {
        self.stopping
    }
}

/// Waits for the threads when dropped. Their queues must be closed before.
pub(super) struct Stopping {
    ended: Receiver<()>,
    handles: Vec<JoinHandle<()>>,
    closed: Closed,
    /// Goes last, and tells by that that it was waited for.
    _open: Sender<Infallible>,
}

impl Stopping {
    /// Tells of the end.
    pub(super) fn closed(&self) -> Closed {
        self.closed.clone()
    }
}

/// Tells when a store is closed: its last clone has gone, what waited is done, and its connections have gone. It does not
/// keep the store open.
#[derive(Clone, Debug)]
pub struct Closed(Receiver<Infallible>);

impl Closed {
    /// Waits for that. `false`: it was not so before `patience` was over. Blocks its thread.
    pub fn wait(&self, patience: Duration) -> bool {
        self.0.recv_timeout(patience).is_err_and(|why| why.is_disconnected())
    }
}

impl Drop for Stopping {
    fn drop(&mut self) {
        let here = thread::current().id();
        // A closure may have held the last clone of the store; its thread cannot wait for itself.
        if self.handles.iter().any(|handle| handle.thread().id() == here) {
            return;
        }
        // Nothing is ever sent: the wait ends when the last thread has dropped its sender.
        if self.ended.recv_timeout(PATIENCE).is_err_and(|why| why.is_disconnected()) {
            // A thread that ends cleans up for libpq's libraries, which the end of the process also tears down: the two
            // must not overlap.
            for handle in self.handles.drain(..) {
                // A thread that panicked has reported it.
                let _ended = handle.join();
            }
        }
    }
}
