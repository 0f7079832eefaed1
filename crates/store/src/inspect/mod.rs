//! Checks whether a database can serve this program. Runs before anything is changed in it.

mod postgres;
mod sqlite;

use std::{collections::BTreeSet, path::Path};

use thiserror::Error;

use crate::{
    Progress, StoreConfig,
    config::{InvalidUrl, Location},
    file, migrate,
};

/// Why a database cannot serve this program, worded so that the operator knows what to do. Never shows the URL.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unfit {
    /// The URL is of an unknown kind.
    #[error(
        "the database URL must begin with sqlite:// and a path, or with postgres://, and user and password in it must be \
         percent-encoded"
    )]
    InvalidUrl,
    /// There is no connection.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// Nobody waits for the answer any more.
    #[error("waiting for the database was given up")]
    GivenUp,
    /// It answers this check with an error.
    #[error("the database cannot be inspected: {0}")]
    Failed(String),
    /// Transactions of one connection run on several connections to the server.
    #[error(
        "a connection pooler in transaction mode is in front of the server: set database.pooler = true, or name the \
         server itself in database.url"
    )]
    Pooled,
    /// The pooler allows no transactions.
    #[error(
        "the connection pooler is in statement mode, which allows no transactions: set its pool_mode to transaction"
    )]
    PooledByStatement,
    /// The server is older than this program supports.
    #[error("the server is PostgreSQL {0}; this program requires {oldest} or newer", oldest = postgres::OLDEST)]
    TooOld(String),
    /// The database cannot hold every text.
    #[error(
        "the database has the encoding {0}, which cannot hold every name; it must be UTF-8 (CREATE DATABASE … ENCODING \
         'UTF8' TEMPLATE template0)"
    )]
    Encoding(String),
    /// The server is a standby.
    #[error(
        "the server is a standby, which accepts no writes: name the primary in database.url, or promote this server"
    )]
    Standby,
    /// The server's configuration makes it read-only.
    #[error(
        "the database is read-only: default_transaction_read_only is on for the server, the database or the user; turn it \
         off"
    )]
    ReadOnly,
    /// There is no schema to create tables in.
    #[error("the database user finds no schema to create tables in: its search_path names none that exists")]
    NoSchema,
    /// The user may not create tables.
    #[error("the database user may not create tables in the schema {0}: GRANT CREATE, USAGE ON SCHEMA {0} to it")]
    MayNotCreate(String),
    /// The user may not read and change existing tables.
    #[error(
        "the database user may not read and change these tables: {}. GRANT SELECT, INSERT, UPDATE, DELETE ON ALL \
         TABLES IN SCHEMA {schema} to it, or name in database.url the user who created them",
        tables.join(", ")
    )]
    MayNotChange {
        /// Their schema.
        schema: String,
        /// Their names.
        tables: Vec<String>,
    },
    /// A newer program has migrated it.
    #[error(
        "the schema of the database is newer than this program, which does not know the migration {0}: start the \
         version that applied it, or a newer one"
    )]
    Newer(String),
    /// The file is no database.
    #[error("the file {0} is not a SQLite database")]
    NotADatabase(String),
    /// The file cannot be written.
    #[error("{}", file::not_writable(Path::new(.0)))]
    FileReadOnly(String),
    /// The file is another program's database.
    #[error(
        "the file {0} is the database of another program: it has tables, and none of them are Latchkey's. Name another file \
         in database.url"
    )]
    NotOurs(String),
    /// The file cannot be opened.
    #[error("the database file {path} cannot be opened: {why}")]
    File {
        /// The file.
        path: String,
        /// SQLite's message.
        why: String,
    },
}

impl From<InvalidUrl> for Unfit {
    fn from(InvalidUrl: InvalidUrl) -> Self {
        Self::InvalidUrl
    }
}

/// Checks whether the database can serve this program, and changes nothing. A SQLite file that does not exist yet is
/// fine, and so is a database without tables. Blocks its thread for as long as the server takes to answer or another
/// program keeps the file locked, unless nobody waits for it any more.
///
/// # Errors
/// What is wrong with it.
pub fn inspect(config: &StoreConfig, progress: &Progress) -> Result<(), Unfit> {
    match config.location()? {
        Location::Sqlite(path) => {
            progress.at(format!("opening the database file {path}, which another program may have locked"));
            sqlite::inspect(&path, progress)
        }
        Location::Postgres(url) => {
            progress.at("connecting to the database server");
            postgres::inspect(&url, config.pooler)
        }
    }
}

/// Rejects a schema with migrations that this program does not know.
fn check_versions(applied: Vec<String>, known: &BTreeSet<String>) -> Result<(), Unfit> {
    match applied.into_iter().filter(|version| !known.contains(version)).max() {
        Some(unknown) => Err(Unfit::Newer(unknown)),
        None => Ok(()),
    }
}

/// The versions of this program's migrations.
fn known_versions(conn: &crate::Conn) -> Result<BTreeSet<String>, Unfit> {
    migrate::versions(conn).map_err(|error| Unfit::Failed(error.to_string()))
}
