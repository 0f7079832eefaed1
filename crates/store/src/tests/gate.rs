//! Holds a closure until the test lets it continue.

use std::{task::Poll, time::Duration};

use crossbeam_channel::{Receiver, Sender};

const PATIENCE: Duration = Duration::from_secs(20);

/// The test's side.
pub(super) struct Gate {
    arrived: Receiver<()>,
    open: Sender<()>,
}

/// The closure's side.
pub(super) struct Passage {
    arrived: Sender<()>,
    open: Receiver<()>,
}

pub(super) fn gate() -> (Gate, Passage) {
    let ((at_closure, at_test), (test_side, closure_side)) =
        (crossbeam_channel::bounded(9), crossbeam_channel::bounded(9));
    (Gate { arrived: at_test, open: test_side }, Passage { arrived: at_closure, open: closure_side })
}

impl Passage {
    /// Reports that the closure is here, and waits.
    pub(super) fn pass(&self) {
        self.arrived.send(()).unwrap();
        self.open.recv_timeout(PATIENCE).unwrap();
    }
}

impl Gate {
    /// Waits until the closure is here, without blocking the runtime.
    pub(super) async fn arrival(&self) {
        while self.arrived.try_recv().is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Whether the closure is here.
    pub(super) fn has_arrived(&self) -> bool {
        !self.arrived.is_empty()
    }

    pub(super) fn open(&self) {
        self.open.send(()).unwrap();
    }
}

/// Polls once, so that what an async call does before its first wait is done.
pub(super) async fn start<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        })
    })
    .await
}
