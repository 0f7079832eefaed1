//! What the record of each imported user said.

use std::collections::HashMap;

use diesel::prelude::*;
use kernel::{AccountId, UserId, entity};

use crate::{
    Conn, Result,
    schema::{imported_users, users},
    sql_types::SqlId,
    tables::digest,
};

/// Rows of one insert on PostgreSQL, whose statements take at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 10_000;

#[derive(Insertable)]
#[diesel(table_name = imported_users)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    record_digest: Vec<u8>,
}

/// Remembers the records of users who were just added.
pub fn insert(conn: &mut Conn, account: AccountId, records: &[(UserId, [u8; 32])]) -> Result<()> {
    let row = |(user, digest): &(UserId, [u8; 32])| Row {
        account_id: account.into(),
        user_id: (*user).into(),
        record_digest: digest.to_vec(),
    };
    match conn {
        // In the same process a statement for each row costs next to nothing.
        Conn::Sqlite(conn) => {
            for record in records {
                diesel::insert_into(imported_users::table).values(row(record)).execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            for records in records.chunks(ROWS_PER_INSERT) {
                let rows: Vec<Row> = records.iter().map(row).collect();
                diesel::insert_into(imported_users::table).values(rows).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// The users whose names compare equal to one of `keys`, and what the record of each said if it was imported.
pub fn by_username_keys(
    conn: &mut Conn,
    account: AccountId,
    keys: &[&str],
) -> Result<HashMap<String, Option<[u8; 32]>>> {
    let mut found = HashMap::new();
    // In parts: a statement takes a bounded number of parameters.
    for part in keys.chunks(1_000) {
        let record = imported_users::account_id.eq(users::account_id).and(imported_users::user_id.eq(users::id));
        let rows = users::table
            .left_join(imported_users::table.on(record))
            .filter(users::account_id.eq(SqlId::from(account)))
            .filter(users::username_key.eq_any(part))
            .select((users::username_key, imported_users::record_digest.nullable()))
            .load::<(String, Option<Vec<u8>>)>(conn)?;
        for (key, bytes) in rows {
            found.insert(key, bytes.map(|bytes| digest(&bytes, "imported_users")).transpose()?);
        }
    }
    Ok(found)
}
