//! Records what happened on a connection while a closure ran, whatever the closure made of it.

use diesel::{
    connection::{Instrumentation, InstrumentationEvent},
    result::Error,
};

use crate::error::cause::{self, Cause};

/// Listens to one connection. The door does not know the closures' error types, so it learns here why one failed, and
/// whether one continued after a failure that aborted the transaction.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Watch {
    depth: u32,
    failed_at: Option<u32>,
    conflict: bool,
    lost: bool,
    no_writes: bool,
}

impl Watch {
    /// A statement failed and nothing was rolled back since. On PostgreSQL the transaction is aborted: its `COMMIT`
    /// would silently roll back.
    pub(crate) fn spoilt(self) -> bool {
        self.failed_at.is_some()
    }

    /// The transaction conflicted with another one (serialization failure, deadlock) and can be run again.
    pub(crate) fn conflict(self) -> bool {
        self.conflict
    }

    /// The connection is gone.
    pub(crate) fn lost(self) -> bool {
        self.lost
    }

    /// The database had no space to write to, or accepts no writes at all.
    pub(crate) fn no_writes(self) -> bool {
        self.no_writes
    }

    fn failed(&mut self, error: &Error) {
        self.failed_at = Some(self.failed_at.map_or(self.depth, |earlier| earlier.min(self.depth)));
        match cause::of(error) {
            Cause::Conflict => self.conflict = true,
            Cause::Lost => self.lost = true,
            Cause::Full | Cause::Forbidden => self.no_writes = true,
            Cause::ReadOnly => (self.lost, self.no_writes) = (true, true),
            Cause::Unavailable | Cause::Unique | Cause::ForeignKey | Cause::Other => {}
        }
    }
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::BeginTransaction { depth, .. } => self.depth = depth.get(),
            InstrumentationEvent::CommitTransaction { depth, .. } => {
                self.depth = depth.get() - 1;
                // A failure inside a released savepoint belongs to the level around it.
                self.failed_at = self.failed_at.map(|at| at.min(self.depth));
            }
            InstrumentationEvent::RollbackTransaction { depth, .. } => {
                self.depth = depth.get() - 1;
                self.failed_at = self.failed_at.filter(|at| *at <= self.depth);
            }
            InstrumentationEvent::FinishQuery { error: Some(error), .. } => self.failed(error),
            _ => {}
        }
    }
}
