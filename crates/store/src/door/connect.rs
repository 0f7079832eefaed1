//! How to make a connection that the door can work with.

mod postgres;
mod sqlite;

use std::time::Duration;

use thiserror::Error;

use crate::Conn;

/// Why there is no connection, for a log: names host, user and database, never the password.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct ConnectError(pub(crate) String);

/// Makes connections of one kind.
#[derive(Clone)]
pub(crate) struct Connector {
    target: Target,
    timeout: Duration,
}

#[derive(Clone)]
enum Target {
    SqliteWriter { path: String },
    SqliteReader { path: String },
    Postgres { url: String },
}

impl Connector {
    /// For the file's one writer, and for migrations.
    pub(super) fn sqlite_writer(path: String, timeout: Duration) -> Self {
        Self { target: Target::SqliteWriter { path }, timeout }
    }

    /// For the file's readers.
    pub(super) fn sqlite_reader(path: String, timeout: Duration) -> Self {
        Self { target: Target::SqliteReader { path }, timeout }
    }

    /// For a server.
    pub(super) fn postgres(url: &str, timeout: Duration) -> Self {
        Self { target: Target::Postgres { url: postgres::with_defaults(url) }, timeout }
    }

    /// How long a statement may take, waits for locks included.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Makes a connection.
    pub(crate) fn connect(&self) -> Result<Conn, ConnectError> {
        match &self.target {
            Target::SqliteWriter { path } => sqlite::writer(path, self.timeout).map(Conn::Sqlite),
            Target::SqliteReader { path } => sqlite::reader(path, self.timeout).map(Conn::Sqlite),
            Target::Postgres { url } => postgres::connect(url, self.timeout).map(Conn::Postgres),
        }
    }
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
