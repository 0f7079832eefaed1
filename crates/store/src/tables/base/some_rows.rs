//! Deletes rows in batches, so that no transaction is long. Neither database has DELETE … LIMIT.

use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::QueryId,
    serialize::ToSql,
    sql_query,
    sql_types::{BigInt, HasSqlType},
    sqlite::Sqlite,
};
use kernel::Time;

use crate::{
    Conn, Result,
    sql_types::{Moment, SqlTime},
};

/// Deletes up to `limit` rows of `table` whose `column` compares with `value` like this; returns how many. Fewer than
/// `limit`: no more are left, or another transaction is deleting them.
pub(in crate::tables) fn delete_some<Kind, Value>(
    conn: &mut Conn,
    table: &str,
    (column, operator): (&str, &str),
    value: Value,
    limit: i64,
) -> Result<usize>
where
    Kind: QueryId,
    Sqlite: HasSqlType<Kind>,
    Pg: HasSqlType<Kind>,
    Value: ToSql<Kind, Sqlite> + ToSql<Kind, Pg>,
{
    // How each database identifies a row whatever its key.
    Ok(match conn {
        Conn::Sqlite(conn) => {
            let rows = format!("SELECT rowid FROM {table} WHERE {column} {operator} ? LIMIT ?");
            let delete = sql_query(format!("DELETE FROM {table} WHERE rowid IN ({rows})"));
            delete.bind::<Kind, _>(value).bind::<BigInt, _>(limit).execute(conn)?
        }
        Conn::Postgres(conn) => {
            let rows = format!("SELECT ctid FROM {table} WHERE {column} {operator} $1 LIMIT $2");
            // The condition is repeated, because a row that is concurrently updated is not found again by its place.
            let delete = format!("DELETE FROM {table} WHERE ctid = ANY (ARRAY({rows})) AND {column} {operator} $1");
            sql_query(delete).bind::<Kind, _>(value).bind::<BigInt, _>(limit).execute(conn)?
        }
    })
}

/// Deletes up to `limit` rows of `table` whose `column` is a time before `then`; as [`delete_some`].
pub(in crate::tables) fn delete_older(
    conn: &mut Conn,
    table: &str,
    column: &str,
    then: Time,
    limit: i64,
) -> Result<usize> {
    delete_some::<Moment, _>(conn, table, (column, "<"), SqlTime::from(then), limit)
}
