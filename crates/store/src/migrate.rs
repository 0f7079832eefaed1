//! The schema, brought up to date.

use diesel::{
    QueryResult, RunQueryDsl as _,
    connection::SimpleConnection as _,
    dsl::sql,
    migration::{Migration, MigrationSource as _},
    prelude::*,
    sql_types::BigInt,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use thiserror::Error;

use crate::{
    Conn, StoreError,
    connection::{Access, MultiBackend},
    door::Connector,
    error::cause::{self, Cause},
};

/// The trail for SQLite.
pub(crate) const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
/// The trail for PostgreSQL, with the same names.
pub(crate) const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// The key of the advisory lock: "latchkey" in ASCII.
const LOCK: i64 = 0x6C61_7463_686B_6579;

/// Why the schema could not be brought up to date.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// No connection.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// A migration failed. SQLite is as it was; PostgreSQL has the migrations before the failed one.
    #[error("the database cannot be migrated: {0}")]
    Failed(String),
}

diesel::table! {
    /// Where diesel keeps the versions that were applied.
    __diesel_schema_migrations (version) {
        version -> VarChar,
    }
}

/// Applies what is missing and returns the versions applied.
pub(crate) fn run(connector: &Connector) -> Result<Vec<String>, MigrateError> {
    let mut conn = connector.connect().map_err(|error| MigrateError::Unreachable(error.to_string()))?;
    let conn = &mut conn;
    match conn {
        Conn::Sqlite(_) => run_on_sqlite(conn),
        Conn::Postgres(_) => run_on_postgres(conn),
    }
    .map_err(|error| MigrateError::Failed(error.to_string()))
}

/// Everything in one transaction, whose write lock keeps other processes out. With the connection (dropped on any
/// error) goes what was not committed.
fn run_on_sqlite(conn: &mut Conn) -> diesel::migration::Result<Vec<String>> {
    // To change a table in SQLite means to copy it and drop the old one, and dropping it with this on deletes every
    // row that refers to it. It can only be set outside of transactions.
    conn.batch_execute("PRAGMA foreign_keys = OFF")?;
    conn.begin(Access::Write)?;
    let applied = apply(conn, SQLITE)?;
    let orphans: i64 = sql::<BigInt>("SELECT count(*) FROM pragma_foreign_key_check").get_result(conn)?;
    if orphans > 0 {
        return Err(format!("{orphans} rows would refer to rows that do not exist").into());
    }
    conn.commit()?;
    Ok(applied)
}

/// Each migration in its own transaction, or in none if its `metadata.toml` says so (`CREATE INDEX CONCURRENTLY`). The
/// lock belongs to the session: it goes with the connection.
fn run_on_postgres(conn: &mut Conn) -> diesel::migration::Result<Vec<String>> {
    // A node that waits for another one's migrations waits as long as they take.
    conn.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0")?;
    conn.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
    // A migration that waits for a table makes everybody else wait behind it.
    conn.batch_execute("SET lock_timeout = '10s'")?;
    apply(conn, POSTGRES)
}

fn apply(conn: &mut Conn, trail: EmbeddedMigrations) -> diesel::migration::Result<Vec<String>> {
    Ok(conn.run_pending_migrations(trail)?.iter().map(ToString::to_string).collect())
}

/// Whether every migration of this program is applied.
pub(crate) fn check(conn: &mut Conn) -> Result<(), StoreError> {
    let trail = match conn {
        Conn::Sqlite(_) => SQLITE,
        Conn::Postgres(_) => POSTGRES,
    };
    let known: Vec<Box<dyn Migration<MultiBackend>>> =
        trail.migrations().map_err(|error| StoreError::Other(error.to_string()))?;
    let applied: QueryResult<Vec<String>> =
        __diesel_schema_migrations::table.select(__diesel_schema_migrations::version).load(conn);
    match applied {
        Ok(applied) if known.iter().all(|m| applied.contains(&m.name().version().to_string())) => Ok(()),
        Ok(_) => Err(StoreError::NotMigrated),
        // There is no such table.
        Err(error) if cause::of(&error) == Cause::Other => Err(StoreError::NotMigrated),
        Err(error) => Err(error.into()),
    }
}
