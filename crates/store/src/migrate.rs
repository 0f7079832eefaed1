//! Brings the schema up to date.

use std::{collections::BTreeSet, time::Duration};

use diesel::{
    QueryResult, RunQueryDsl as _,
    connection::SimpleConnection as _,
    dsl::sql,
    migration::{Migration, MigrationSource as _},
    prelude::*,
    sql_types::{BigInt, Bool, Text},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use thiserror::Error;

use crate::{
    Conn, Progress, StoreError,
    connection::{Access, MultiBackend},
    door::Connector,
    error::cause::{self, Cause},
};

/// The migrations for SQLite.
pub(crate) const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
/// The migrations for PostgreSQL, with the same names.
pub(crate) const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// The key of the advisory lock: "latchkey" in ASCII.
pub(crate) const LOCK: i64 = 0x6C61_7463_686B_6579;

/// Pause between two checks whether another node has finished its migrations.
const PAUSE: Duration = Duration::from_millis(50);

/// Why the schema could not be brought up to date.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// There is no connection.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// A migration failed. SQLite is unchanged; PostgreSQL has the migrations before the failed one.
    #[error("the database cannot be migrated: {0}")]
    Failed(String),
    /// It was asked to stop while it waited.
    #[error("the migration was given up before it began")]
    GivenUp,
}

diesel::table! {
    /// Where diesel keeps the versions that were applied.
    __diesel_schema_migrations (version) {
        version -> VarChar,
    }
}

/// Applies what is missing and returns the versions applied.
pub(crate) fn run(connector: &Connector, progress: &Progress) -> Result<Vec<String>, MigrateError> {
    progress.at("connecting to the database");
    let mut conn = connector.connect().map_err(|error| MigrateError::Unreachable(error.to_string()))?;
    let conn = &mut conn;
    match conn {
        Conn::Sqlite(_) => run_on_sqlite(conn, progress),
        Conn::Postgres(_) => run_on_postgres(connector, conn, progress),
    }
}

/// Runs everything in one transaction, whose write lock keeps other processes out. The connection is dropped on any
/// error, and with it what was not committed.
fn run_on_sqlite(conn: &mut Conn, progress: &Progress) -> Result<Vec<String>, MigrateError> {
    let failed = |error: &dyn std::fmt::Display| MigrateError::Failed(error.to_string());
    // Changing a table in SQLite means copying it and dropping the old one, and dropping it with this on deletes every
    // row that refers to it. It can only be set outside of transactions.
    conn.batch_execute("PRAGMA foreign_keys = OFF").map_err(|error| failed(&error))?;
    progress.at("waiting until no other program writes to the database file");
    while let Err(error) = conn.begin(Access::Write) {
        // As on a server: a running migration gets the time that it takes.
        if cause::of(&error) != Cause::Unavailable {
            return Err(failed(&error));
        }
        if progress.is_given_up() {
            return Err(MigrateError::GivenUp);
        }
        let _passed = crossbeam_channel::after(PAUSE).recv();
    }
    progress.at("applying migrations");
    apply_all(conn).map_err(|error| failed(&error))
}

fn apply_all(conn: &mut Conn) -> diesel::migration::Result<Vec<String>> {
    let applied: Vec<_> = conn.run_pending_migrations(SQLITE)?.iter().map(ToString::to_string).collect();
    let orphans: i64 = sql::<BigInt>("SELECT count(*) FROM pragma_foreign_key_check").get_result(conn)?;
    if orphans > 0 {
        return Err(format!("rows that would refer to rows that do not exist: {orphans}").into());
    }
    conn.commit()?;
    Ok(applied)
}

/// Runs each migration in its own transaction that holds the lock: behind a pooler nothing outlives a transaction, and
/// nothing of a node that stops stays behind. So no migration may ask to run outside of one.
fn run_on_postgres(connector: &Connector, conn: &mut Conn, progress: &Progress) -> Result<Vec<String>, MigrateError> {
    let failed = |error: &dyn std::fmt::Display| MigrateError::Failed(error.to_string());
    let mut applied = Vec::new();
    while !progress.is_given_up() {
        connector.begin(conn, Access::Write).map_err(|error| failed(&error))?;
        if !lock(conn).map_err(|error| failed(&error))? {
            conn.roll_back_to(0).map_err(|error| failed(&error))?;
            progress.at("waiting for the migration lock: another node is migrating this database");
            let _passed = crossbeam_channel::after(PAUSE).recv();
            continue;
        }
        progress.at("looking for migrations to apply");
        let next = apply_next(conn, progress).map_err(|error| failed(&error))?;
        conn.commit().map_err(|error| failed(&error))?;
        match next {
            Some(version) => applied.push(version),
            None => return Ok(applied),
        }
    }
    Err(MigrateError::GivenUp)
}

/// Takes the lock until the end of the transaction, unless another node has it. Tries instead of waiting, so that the
/// wait can be reported and ended.
fn lock(conn: &mut Conn) -> QueryResult<bool> {
    // A migration takes as long as it takes. But one that waits for a table makes everyone else wait behind it.
    conn.batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10s'")?;
    sql::<Bool>(&format!("SELECT pg_try_advisory_xact_lock({LOCK})")).get_result(conn)
}

/// Applies the first missing migration.
fn apply_next(conn: &mut Conn, progress: &Progress) -> diesel::migration::Result<Option<String>> {
    let pending = conn.pending_migrations(POSTGRES)?;
    let Some(next) = pending.first() else { return Ok(None) };
    progress.at(format!("applying the migration {}", next.name()));
    Ok(Some(conn.run_migration(next.as_ref())?.to_string()))
}

/// The versions of the migrations of this program, for the database behind this connection.
pub(crate) fn versions(conn: &Conn) -> diesel::migration::Result<BTreeSet<String>> {
    let trail = match conn {
        Conn::Sqlite(_) => SQLITE,
        Conn::Postgres(_) => POSTGRES,
    };
    let known: Vec<Box<dyn Migration<MultiBackend>>> = trail.migrations()?;
    Ok(known.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// The versions that were applied to a file; none if it has no Latchkey tables yet.
pub(crate) fn applied_to_file(conn: &mut SqliteConnection) -> QueryResult<Vec<String>> {
    let table = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = '__diesel_schema_migrations'";
    if sql::<Text>(table).load::<String>(conn)?.is_empty() {
        return Ok(Vec::new());
    }
    sql::<Text>("SELECT version FROM __diesel_schema_migrations").load(conn)
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
