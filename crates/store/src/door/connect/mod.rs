//! Makes connections that the door can work with.

mod postgres;
mod sqlite;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use diesel::{QueryResult, SqliteConnection};
use thiserror::Error;

pub(crate) use self::postgres::with_defaults as postgres_url;
use crate::{Conn, connection::Access, file::Opened};

/// Why there is no connection, for a log: names host, user and database, never the password.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct ConnectError(pub(crate) String);

/// Makes connections of one kind.
#[derive(Clone)]
pub(crate) struct Connector {
    target: Target,
    timeout: Duration,
    /// Whether a write found the database full or read-only since this was last read.
    no_writes: Arc<AtomicBool>,
}

#[derive(Clone)]
enum Target {
    SqliteWriter { path: String, opened: Arc<Opened> },
    SqliteReader { path: String, opened: Arc<Opened> },
    Postgres { url: String, pooler: bool },
}

impl Connector {
    /// For the file's one writer, and for migrations.
    pub(super) fn sqlite_writer(path: String, opened: Arc<Opened>, timeout: Duration) -> Self {
        Self { target: Target::SqliteWriter { path, opened }, timeout, no_writes: Arc::default() }
    }

    /// For the file's readers.
    pub(super) fn sqlite_reader(path: String, opened: Arc<Opened>, timeout: Duration) -> Self {
        Self { target: Target::SqliteReader { path, opened }, timeout, no_writes: Arc::default() }
    }

    /// For a server, or a pooler in front of it.
    pub(super) fn postgres(url: &str, pooler: bool, timeout: Duration) -> Self {
        Self { target: Target::Postgres { url: postgres_url(url), pooler }, timeout, no_writes: Arc::default() }
    }

    /// How long a statement may take, including waits for locks.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Makes a connection.
    pub(crate) fn connect(&self) -> Result<Conn, ConnectError> {
        match &self.target {
            Target::SqliteWriter { path, opened } => same_files(opened, || sqlite::writer(path, self.timeout)),
            Target::SqliteReader { path, opened } => same_files(opened, || sqlite::reader(path, self.timeout)),
            Target::Postgres { url, pooler: true } => postgres::connect_to_pooler(url).map(Conn::Postgres),
            Target::Postgres { url, pooler: false } => postgres::connect(url, self.timeout).map(Conn::Postgres),
        }
    }

    /// Begins a transaction. After an error the connection is unusable.
    pub(crate) fn begin(&self, conn: &mut Conn, access: Access) -> QueryResult<()> {
        match &self.target {
            Target::Postgres { pooler: true, .. } => conn.begin_with(access, &postgres::for_transaction(self.timeout)),
            _ => conn.begin(access),
        }
    }

    /// Notes that the database is full or read-only.
    pub(super) fn takes_no_writes(&self) {
        self.no_writes.store(true, Ordering::Relaxed);
    }

    /// Whether that was noted since the last call.
    pub(super) fn took_no_writes(&self) -> bool {
        self.no_writes.swap(false, Ordering::Relaxed)
    }
}

/// Rejects a connection to other files than the first one's. It also checks before: SQLite creates a log where it finds none,
/// and that would be another one than the log of the first connection.
fn same_files(
    opened: &Opened,
    connect: impl FnOnce() -> Result<SqliteConnection, ConnectError>,
) -> Result<Conn, ConnectError> {
    opened.check().map_err(ConnectError)?;
    let conn = connect()?;
    opened.check().map_err(ConnectError)?;
    Ok(Conn::Sqlite(conn))
}

impl From<diesel::ConnectionError> for ConnectError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self(error.to_string().trim().to_owned())
    }
}

impl From<diesel::result::Error> for ConnectError {
    fn from(error: diesel::result::Error) -> Self {
        Self(error.to_string())
    }
}
