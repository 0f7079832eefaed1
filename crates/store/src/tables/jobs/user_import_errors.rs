//! Lines of import files that could not be imported.

use diesel::prelude::*;
use kernel::{AccountId, UserImportId, entity};

use crate::{Conn, Result, schema::user_import_errors, sql_types::SqlId};

/// Rows of one insert on PostgreSQL, whose statements take at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 10_000;

/// A line, and why it could not be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError {
    /// The number of the line, from 1.
    pub line: u32,
    /// The code for programs.
    pub code: String,
    /// The message for people.
    pub message: String,
}

#[derive(Insertable)]
#[diesel(table_name = user_import_errors)]
struct Row<'a> {
    account_id: SqlId<entity::Account>,
    import_id: SqlId<entity::UserImport>,
    line: i64,
    code: &'a str,
    message: &'a str,
}

fn row(account: AccountId, import: UserImportId, error: &LineError) -> Row<'_> {
    let LineError { line, code, message } = error;
    Row { account_id: account.into(), import_id: import.into(), line: i64::from(*line), code, message }
}

/// Adds errors for lines that have none yet.
pub fn insert(conn: &mut Conn, account: AccountId, import: UserImportId, errors: &[LineError]) -> Result<()> {
    match conn {
        // SQLite runs in this process: one statement per row is cheap.
        Conn::Sqlite(conn) => {
            for error in errors {
                diesel::insert_into(user_import_errors::table).values(row(account, import, error)).execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            for errors in errors.chunks(ROWS_PER_INSERT) {
                let rows: Vec<Row<'_>> = errors.iter().map(|error| row(account, import, error)).collect();
                diesel::insert_into(user_import_errors::table).values(rows).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Up to `limit` errors of the import on lines after `after`, in the order of lines.
pub fn page(
    conn: &mut Conn,
    account: AccountId,
    import: UserImportId,
    after: Option<u32>,
    limit: i64,
) -> Result<Vec<LineError>> {
    let found = user_import_errors::table
        .filter(user_import_errors::account_id.eq(SqlId::from(account)))
        .filter(user_import_errors::import_id.eq(SqlId::from(import)))
        .filter(user_import_errors::line.gt(after.map_or(0, i64::from)))
        .select((user_import_errors::line, user_import_errors::code, user_import_errors::message))
        .order(user_import_errors::line)
        .limit(limit)
        .load::<(i64, String, String)>(conn)?;
    Ok(found
        .into_iter()
        .map(|(line, code, message)| LineError { line: u32::try_from(line).unwrap_or(u32::MAX), code, message })
        .collect())
}

/// Deletes up to `limit` errors of the import; returns how many.
pub fn delete_some(conn: &mut Conn, account: AccountId, import: UserImportId, limit: i64) -> Result<usize> {
    let of_import = user_import_errors::account_id
        .eq(SqlId::from(account))
        .and(user_import_errors::import_id.eq(SqlId::from(import)));
    let some = user_import_errors::table
        .filter(of_import)
        .select(user_import_errors::line)
        .order(user_import_errors::line)
        .limit(limit)
        .load::<i64>(conn)?;
    let Some(last) = some.last() else { return Ok(0) };
    let some = user_import_errors::table.filter(of_import).filter(user_import_errors::line.le(*last));
    Ok(diesel::delete(some).execute(conn)?)
}
