//! Finds values that the master key has sealed: the start asks before it creates a key.

use diesel::{
    OptionalExtension as _, QueryResult, RunQueryDsl as _,
    dsl::sql,
    sql_types::{BigInt, Binary},
};
use thiserror::Error;

use crate::{Conn, door::Connector, error::redact};

/// The columns with lasting sealed values: a query finds a row at once, or there is none.
pub(crate) const LASTING: [(&str, &str); 4] = [
    ("signing_keys", "sealed_key"),
    ("authenticators", "sealed_secret"),
    ("user_import_batches", "sealed_records"),
    ("idempotency_keys", "sealed_reply"),
];

/// Columns whose values are deleted after a while and leave rows without one: the whole table may be scanned.
pub(crate) const PASSING: [(&str, &str); 5] = [
    ("challenges", "sealed_secret"),
    ("outbox", "sealed"),
    ("bulk_job_users", "sealed_activation"),
    ("one_time_replies", "sealed_reply"),
    ("sessions", "sealed_successor"),
];

/// A value that a master key has sealed.
#[derive(Clone)]
pub struct SealedValue {
    /// Where it was found.
    pub table: &'static str,
    /// The value, as stored.
    pub value: Vec<u8>,
}

/// Why the database could not be searched.
#[derive(Debug, Error)]
pub enum LookError {
    /// No connection.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// A query failed.
    #[error("the database cannot be read: {0}")]
    Failed(String),
}

/// Returns one sealed value of each table that has any. Passing values are only looked for where there are no lasting
/// ones. The schema may be of any age: missing tables hold nothing.
pub(crate) fn look(connector: &Connector) -> Result<Vec<SealedValue>, LookError> {
    let mut conn = connector.connect().map_err(|error| LookError::Unreachable(error.to_string()))?;
    let mut look = |columns: &[(&'static str, &str)]| -> QueryResult<Vec<SealedValue>> {
        let mut found = Vec::new();
        for (table, column) in columns {
            if let Some(value) = one_of(&mut conn, table, column)? {
                found.push(SealedValue { table, value });
            }
        }
        Ok(found)
    };
    let found = look(&LASTING).and_then(|lasting| if lasting.is_empty() { look(&PASSING) } else { Ok(lasting) });
    found.map_err(|error| LookError::Failed(redact::redact(&error.to_string())))
}

fn one_of(conn: &mut Conn, table: &str, column: &str) -> QueryResult<Option<Vec<u8>>> {
    let exists = match conn {
        Conn::Sqlite(_) => format!("SELECT count(*) FROM pragma_table_info('{table}') WHERE name = '{column}'"),
        Conn::Postgres(_) => format!(
            "SELECT count(*) FROM pg_attribute
             WHERE attrelid = to_regclass('{table}') AND attname = '{column}' AND NOT attisdropped"
        ),
    };
    if sql::<BigInt>(&exists).get_result::<i64>(conn)? == 0 {
        return Ok(None);
    }
    let one = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1");
    sql::<Binary>(&one).get_result(conn).optional()
}
