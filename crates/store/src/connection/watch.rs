//! What happened on a connection while a closure ran, whatever the closure made of it.

use diesel::{
    connection::{Instrumentation, InstrumentationEvent},
    result::Error,
};

use crate::error::cause::{self, Cause};

/// Listens to one connection. The closures' errors are of types the door does not know, so it learns here why one
/// failed, and whether one went on after a failure that the database will not forget.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Watch {
    depth: u32,
    failed_at: Option<u32>,
    conflict: bool,
    lost: bool,
    no_writes: bool,
}

impl Watch {
    /// A statement failed and nothing was rolled back since. On PostgreSQL the transaction is spoilt: its `COMMIT`
    /// would silently roll back.
    pub(crate) fn spoilt(self) -> bool {
        self.failed_at.is_some()
    }

    /// The transaction met another one (serialization failure, deadlock) and can be run again.
    pub(crate) fn conflict(self) -> bool {
        self.conflict
    }

    /// The connection is gone.
    pub(crate) fn lost(self) -> bool {
        self.lost
    }

    /// The database had no place to write to, or takes no writes at all.
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
                // A failure inside a released savepoint belongs to what is around it.
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
