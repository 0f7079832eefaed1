//! The one way to the database: closures are handed to threads that own the connections.

mod connect;
mod job;
mod long_reads;
mod readiness;
mod threads;
mod worker;
mod writer;

use std::{path::Path, sync::Arc, time::Duration};

use crossbeam_channel::{Sender, TrySendError};
use kernel::AccountId;
use thiserror::Error;

pub(crate) use connect::{Connector, postgres_url};
use job::{Queued, Task};
use long_reads::LongReads;
use readiness::LastProbe;
pub use threads::Closed;
use threads::{Stopping, Threads};
use worker::Worker;
use writer::Writer;

use crate::{
    Conn, LookError, MigrateError, Progress, SealedValue, StoreConfig, StoreError,
    config::{InvalidUrl, Location},
    connection::Access,
    file::{self, FileError, Opened},
    migrate, sealed,
};

/// One connection in this many may run a long read.
const LONG_READS: u16 = 2;

/// The database. Clones share the threads and connections. When the last clone is dropped, waiting work is still done,
/// then the threads end.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

/// Fields drop in this order: first the queues close, then the threads are joined.
struct Inner {
    reads: Sender<Queued>,
    writes: Sender<Queued>,
    /// For reads that may take long: fewer of them run at once than there are connections.
    long_reads: LongReads,
    queue_deadline: Duration,
    answer_deadline: Duration,
    migrating: Connector,
    /// The files of SQLite.
    opened: Option<Arc<Opened>>,
    last_probe: LastProbe,
    threads: Stopping,
}

/// Why the store could not be opened. Never shows the URL.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The URL is of an unknown kind.
    #[error(
        "the database URL must begin with sqlite:// and a path, or with postgres://, and user and password in it must be \
         percent-encoded"
    )]
    InvalidUrl,
    /// The file cannot be opened, or its file system lacks what SQLite needs.
    #[error("the database file cannot be opened: {0}")]
    File(String),
    /// The file can be opened, but changes would be lost.
    #[error(transparent)]
    Refused(FileError),
    /// The system refuses to start a thread.
    #[error("no thread can be started for the database")]
    Thread(#[source] std::io::Error),
}

impl From<FileError> for OpenError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::ManyNames { .. }
            | FileError::ServedAlready { .. }
            | FileError::TakenAway { .. }
            | FileError::Stray { .. }
            | FileError::OpenElsewhere { .. }
            | FileError::ReadOnly { .. } => Self::Refused(error),
            FileError::NotWritable { .. } | FileError::Io { .. } | FileError::Sqlite { .. } => {
                Self::File(error.to_string())
            }
        }
    }
}

impl From<InvalidUrl> for OpenError {
    fn from(InvalidUrl: InvalidUrl) -> Self {
        Self::InvalidUrl
    }
}

impl Store {
    /// Opens the database. A SQLite file is created (mode 0600) if there is none. A PostgreSQL server is not contacted
    /// before the first closure, so machines may start in any order; ask [`Self::is_ready`].
    pub fn open(config: &StoreConfig) -> Result<Self, OpenError> {
        let connections = config.connections.max(1);
        let mut threads = Threads::new(config.queue_deadline);
        let (reads, read_jobs) = crossbeam_channel::bounded(config.queue.max(1).into());
        let (writes, migrating, opened) = match config.location()? {
            Location::Sqlite(path) => {
                file::create(Path::new(&path))?;
                file::has_one_name(Path::new(&path))?;
                let (writes, write_jobs) = crossbeam_channel::bounded(config.queue.max(1).into());
                let opened = Arc::new(Opened::at(Path::new(&path))?);
                let connector = Connector::sqlite_writer(path.clone(), opened.clone(), config.statement_timeout);
                let (reading, readers) = crossbeam_channel::bounded(0);
                let writer = Writer::open(connector.clone(), opened.clone(), write_jobs, readers)?;
                threads.spawn("store-writer", writer)?;
                for number in 0..connections {
                    let reader = Connector::sqlite_reader(path.clone(), opened.clone(), config.statement_timeout);
                    let reader = Worker::open(number, reader, read_jobs.clone(), reading.clone())?;
                    threads.spawn("store-reader", reader)?;
                }
                (writes, connector, Some(opened))
            }
            Location::Postgres(url) => {
                let connector = Connector::postgres(&url, config.pooler, config.statement_timeout);
                for number in 0..connections {
                    threads.spawn("store-worker", Worker::new(number, connector.clone(), read_jobs.clone()))?;
                }
                // One queue for both: a connection does either.
                (reads.clone(), connector, None)
            }
        };
        Ok(Self(Arc::new(Inner {
            reads,
            writes,
            long_reads: LongReads::new((connections / LONG_READS).max(1).into()),
            queue_deadline: config.queue_deadline,
            answer_deadline: config.answer_deadline,
            migrating,
            opened,
            last_probe: LastProbe::default(),
            threads: threads.stopping(),
        })))
    }

    /// Runs `f` in a read-only transaction that sees one unchanging, committed state of the database.
    ///
    /// Must be called in a tokio runtime with time enabled.
    ///
    /// # Errors
    /// What `f` returns; [`StoreError::Overloaded`] when the queue is full; [`StoreError::Unavailable`] when the
    /// database cannot be reached or `f` did not get its turn in time; [`StoreError::Other`] when `f` panics, or
    /// continues after a failed statement.
    pub async fn read<T, E>(&self, f: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let mut once = Some(f);
        // The worker repeats a read only if it has not begun.
        let f = move |conn: &mut Conn| once.take().map_or(Err(StoreError::Unavailable.into()), |f| f(conn));
        self.ask(&self.0.reads, Access::Read, f).await
    }

    /// Like [`Self::read`], for reads that may look at very many rows of this account. At most half of the connections
    /// run such reads at a time, so that the others serve sign-ins. Each account runs one at a time, so that accounts
    /// do not wait behind one another. SQLite does not cancel a statement that takes too long: a place stays taken
    /// until it ends, even if nobody waits for it.
    ///
    /// # Errors
    /// As for [`Self::read`]; [`StoreError::Overloaded`] when no place was free for as long as a closure may wait.
    pub async fn read_much<T, E>(
        &self,
        account: AccountId,
        f: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.read_in_place(account, self.0.queue_deadline, f).await
    }

    /// Like [`Self::read_much`], for reads that no caller waits for. It waits as long as a whole request may take, and
    /// so gets a place however many requests ask for one: those that came before give up earlier.
    ///
    /// # Errors
    /// As for [`Self::read_much`].
    pub async fn read_much_in_background<T, E>(
        &self,
        account: AccountId,
        f: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.read_in_place(account, self.0.answer_deadline, f).await
    }

    async fn read_in_place<T, E>(
        &self,
        account: AccountId,
        patience: Duration,
        f: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let place = self.0.long_reads.place(account, patience).await.ok_or(StoreError::Overloaded)?;
        self.read(move |conn| {
            let outcome = f(conn);
            drop(place);
            outcome
        })
        .await
    }

    /// Runs `f` in a transaction and answers when its commit is on disk. An error undoes what `f` did and nothing else.
    /// On PostgreSQL `f` runs again after a serialization failure, a deadlock, or a connection lost before the commit:
    /// it must begin from its captures every time, and its only effects must be the transaction's.
    ///
    /// If the caller stops waiting before `f` had its turn, `f` is not run; after that it runs to its end, and its
    /// outcome is dropped.
    ///
    /// Must be called in a tokio runtime with time enabled.
    ///
    /// # Errors
    /// As for [`Self::read`].
    pub async fn write<T, E>(&self, f: impl FnMut(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.ask(&self.0.writes, Access::Write, f).await
    }

    /// Brings the schema up to this program's, and returns the versions that were applied. Blocks its thread and may
    /// take long; meant for the start of the program. Several nodes may do it at once.
    pub fn migrate(&self) -> Result<Vec<String>, MigrateError> {
        self.migrate_telling(&Progress::default())
    }

    /// Like [`Self::migrate`], and reports what it waits for. Ends when nobody waits for it any more, unless it is
    /// running a migration.
    pub fn migrate_telling(&self, progress: &Progress) -> Result<Vec<String>, MigrateError> {
        migrate::run(&self.0.migrating, progress)
    }

    /// Returns one value of each table in which a master key has sealed any; none when the database has no tables yet.
    /// Blocks its thread and changes nothing. Meant for the start of the program, which must not create a key where
    /// another one is needed.
    pub fn sealed_values(&self) -> Result<Vec<SealedValue>, LookError> {
        sealed::look(&self.0.migrating)
    }

    /// Whether the database can be reached and has every migration of this program. Additional migrations are fine: a
    /// newer node may have applied them.
    ///
    /// # Errors
    /// [`StoreError::NotMigrated`], and those of [`Self::read`].
    pub async fn is_ready(&self) -> Result<(), StoreError> {
        self.read(migrate::check).await
    }

    /// Whether the database accepts writes: makes a small write that is on disk before this answers. Asked again within
    /// a second, or during another probe, it returns the last result.
    ///
    /// # Errors
    /// As for [`Self::write`]; above all [`StoreError::Unavailable`] when the disk is full or the server read-only.
    pub async fn takes_writes(&self) -> Result<(), StoreError> {
        readiness::takes_writes(self).await
    }

    /// Tells when the store is closed, to whoever ends the program: on SQLite, all is in one file only then.
    pub fn closed(&self) -> Closed {
        self.0.threads.closed()
    }

    async fn ask<T, E, F>(&self, queue: &Sender<Queued>, access: Access, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        let (task, answer) = Task::new(f);
        queue.try_send(Queued::new(access, Box::new(task))).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Overloaded,
            TrySendError::Disconnected(_) => StoreError::Unavailable,
        })?;
        match tokio::time::timeout(self.0.answer_deadline, answer).await {
            Ok(Ok(outcome)) => outcome,
            // Dropped unanswered, or not answered at all.
            Ok(Err(_)) | Err(_) => Err(StoreError::Unavailable.into()),
        }
    }
}
