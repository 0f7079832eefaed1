//! Connections to a file.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use diesel::{
    Connection as _, QueryResult, RunQueryDsl as _, SqliteConnection, connection::SimpleConnection as _, dsl::sql,
    sql_types::Text,
};

use super::ConnectError;
use crate::{
    error::cause::{self, Cause},
    file,
};

/// Pause between two tries.
const PAUSE: Duration = Duration::from_millis(10);

/// A connection that writes.
pub(super) fn writer(path: &str, timeout: Duration) -> Result<SqliteConnection, ConnectError> {
    let mut conn = open(path, timeout)?;
    // Readers continue while the writer writes. This needs shared memory, which some network file systems lack.
    let mode = write_ahead(&mut conn, timeout)?;
    if mode != "wal" {
        return Err(ConnectError(format!("its file system does not allow a write-ahead log (journal mode {mode})")));
    }
    // A commit waits for the disk: what was acknowledged survives a loss of power.
    conn.batch_execute("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")?;
    Ok(conn)
}

/// Switches to a write-ahead log. Unlike elsewhere, SQLite does not wait for a lock here, but answers at once that the
/// file is locked: another process may be creating it.
fn write_ahead(conn: &mut SqliteConnection, timeout: Duration) -> QueryResult<String> {
    let since = Instant::now();
    loop {
        match sql::<Text>("PRAGMA journal_mode = WAL").get_result(conn) {
            Err(error) if cause::of(&error) == Cause::Unavailable && since.elapsed() < timeout => {
                let _passed = crossbeam_channel::after(PAUSE).recv();
            }
            outcome => return outcome,
        }
    }
}

/// A connection that cannot write, with the files open that it reads from: SQLite opens the log with the first look at the
/// file, and by then another one might have its name.
pub(super) fn reader(path: &str, timeout: Duration) -> Result<SqliteConnection, ConnectError> {
    let mut conn = open(path, timeout)?;
    conn.batch_execute("PRAGMA query_only = ON; PRAGMA schema_version")?;
    Ok(conn)
}

fn open(path: &str, timeout: Duration) -> Result<SqliteConnection, ConnectError> {
    // Never creates the file: one that was removed while the service runs is an error, not an empty database.
    let mut conn = SqliteConnection::establish(&file::existing(Path::new(path)))?;
    let wait = timeout.as_millis();
    conn.batch_execute(&format!(
        "PRAGMA busy_timeout = {wait}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF"
    ))?;
    Ok(conn)
}
