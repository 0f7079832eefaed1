//! One connection type for both databases, and the transaction steps that the door and `savepoint` are made of.

mod derived;
mod savepoint;
pub(crate) mod watch;

use diesel::{
    Connection as _, QueryResult,
    connection::{AnsiTransactionManager, TransactionManager},
};

pub use derived::Conn;
pub(crate) use derived::MultiBackend;
pub use savepoint::savepoint;
use watch::Watch;

/// What a transaction may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Read one unchanging state of the database.
    Read,
    /// Change it.
    Write,
}

/// diesel's bookkeeping of transactions; the derive makes the connection its own manager.
type Manager = <Conn as diesel::Connection>::TransactionManager;

/// Fails unless the transaction may write: on a standby, and where the operator made transactions read-only by default.
/// A closure that happens only to read would otherwise decide on stale data.
const TAKES_WRITES: &str = "SELECT (CASE current_setting('transaction_read_only') WHEN 'on' \
     THEN 'this session takes no writes' ELSE '0' END)::integer";

impl Conn {
    /// Begins a transaction. The connection must not be in one. After an error the connection is unusable.
    pub(crate) fn begin(&mut self, access: Access) -> QueryResult<()> {
        self.begin_with(access, "")
    }

    /// Like [`Self::begin`]; on a server it also runs `settings` at the beginning, each behind a semicolon, in the same
    /// round trip.
    pub(crate) fn begin_with(&mut self, access: Access, settings: &str) -> QueryResult<()> {
        match (self, access) {
            // The write lock is taken up front: a transaction that starts as a reader and upgrades later can fail as
            // busy however long it waits.
            (Self::Sqlite(c), Access::Write) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
            (Self::Sqlite(c), Access::Read) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED"),
            // The level is named, so that a server with another default behaves the same.
            (Self::Postgres(c), Access::Write) => {
                let begin = format!("BEGIN ISOLATION LEVEL READ COMMITTED{settings}; {TAKES_WRITES}");
                AnsiTransactionManager::begin_transaction_sql(c, &begin)
            }
            // Repeatable read gives a closure with several selects one state, as SQLite does. A read-only transaction
            // at this level takes no locks and never fails to serialize.
            (Self::Postgres(c), Access::Read) => {
                let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY{settings}");
                AnsiTransactionManager::begin_transaction_sql(c, &begin)
            }
        }
    }

    /// Begins a savepoint inside a transaction.
    pub(crate) fn begin_savepoint(&mut self) -> QueryResult<()> {
        Manager::begin_transaction(self)
    }

    /// Commits the transaction, or releases the innermost savepoint.
    pub(crate) fn commit(&mut self) -> QueryResult<()> {
        Manager::commit_transaction(self)
    }

    /// How many transactions and savepoints are open; an error when the connection has lost count.
    pub(crate) fn depth(&mut self) -> QueryResult<u32> {
        let depth = Manager::transaction_manager_status_mut(self).transaction_depth()?;
        Ok(depth.map_or(0, std::num::NonZero::get))
    }

    /// Rolls back until `depth` transactions and savepoints are open. This also undoes what a panic left.
    pub(crate) fn roll_back_to(&mut self, depth: u32) -> QueryResult<()> {
        while self.depth()? > depth {
            Manager::rollback_transaction(self)?;
        }
        Ok(())
    }

    /// Whether this connection is unusable, or a transaction was left open on it.
    pub(crate) fn is_broken(&mut self) -> bool {
        self.depth() != Ok(0) || self.watch().lost()
    }

    /// What the statements met since [`Self::watch_anew`].
    pub(crate) fn watch(&mut self) -> Watch {
        self.instrumentation().downcast_ref::<Watch>().copied().unwrap_or_default()
    }

    /// Resets the watch. Call it outside of savepoints.
    pub(crate) fn watch_anew(&mut self) {
        self.set_instrumentation(Watch::default());
    }
}
