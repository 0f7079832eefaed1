//! Checks a file. Nothing but SQLite opens it.

use std::{fs, io, path::Path, time::Duration};

use diesel::{
    Connection as _, QueryResult, RunQueryDsl as _, SqliteConnection,
    connection::SimpleConnection as _,
    dsl::sql,
    sql_types::{BigInt, Integer, Text},
};

use super::{Unfit, check_versions, known_versions};
use crate::{
    Conn, Progress,
    error::cause::{self, Cause},
    file, migrate,
};

/// Pause between two checks whether the file is still locked.
const PAUSE: Duration = Duration::from_millis(50);

/// Checks the file, if there is one.
pub(super) fn inspect(path: &str, progress: &Progress) -> Result<(), Unfit> {
    match fs::metadata(path) {
        Ok(_) => {}
        // The start creates it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Unfit::File { path: path.to_owned(), why: error.to_string() }),
    }
    if !file::is_writable(Path::new(path)) {
        return Err(Unfit::FileReadOnly(path.to_owned()));
    }
    let mut conn = SqliteConnection::establish(path)
        .map_err(|error| Unfit::File { path: path.to_owned(), why: error.to_string() })?;
    let (encoding, applied, has_tables) = loop {
        match look(&mut conn) {
            // Another program keeps even readers out.
            Err(error) if cause::of(&error) == Cause::Unavailable => {
                if progress.is_given_up() {
                    return Err(Unfit::GivenUp);
                }
                let _passed = crossbeam_channel::after(PAUSE).recv();
            }
            outcome => break outcome.map_err(|error| explain(path, &error))?,
        }
    };
    if encoding != "UTF-8" {
        return Err(Unfit::Encoding(encoding));
    }
    if has_tables && applied.is_empty() {
        return Err(Unfit::NotOurs(path.to_owned()));
    }
    match try_to_write(&mut conn) {
        // A program that is writing proves that it can be done.
        Err(error) if cause::of(&error) != Cause::Unavailable => return Err(explain(path, &error)),
        Ok(()) | Err(_) => {}
    }
    check_versions(applied, &known_versions(&Conn::Sqlite(conn))?)
}

/// Returns the encoding, the migrations that the file has, and whether it has any other table.
fn look(conn: &mut SqliteConnection) -> QueryResult<(String, Vec<String>, bool)> {
    let encoding = sql::<Text>("PRAGMA encoding").get_result(conn)?;
    let others = "SELECT count(*) FROM sqlite_schema WHERE type IN ('table', 'view')
         AND name <> '__diesel_schema_migrations' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let others: i64 = sql::<BigInt>(others).get_result(conn)?;
    Ok((encoding, migrate::applied_to_file(conn)?, others > 0))
}

/// Tries to write, and rolls back. Beginning a transaction is not enough: on a read-only file it begins as a read.
fn try_to_write(conn: &mut SqliteConnection) -> QueryResult<()> {
    let number: i32 = sql::<Integer>("PRAGMA user_version").get_result(conn)?;
    conn.batch_execute(&format!("BEGIN IMMEDIATE; PRAGMA user_version = {number}; ROLLBACK"))
}

fn explain(path: &str, error: &diesel::result::Error) -> Unfit {
    let (path, why) = (path.to_owned(), error.to_string());
    if why.contains("not a database") {
        Unfit::NotADatabase(path)
    } else if why.contains("readonly database") || why.contains("unable to open database file") {
        Unfit::FileReadOnly(path)
    } else {
        Unfit::File { path, why }
    }
}
