//! The end of each account's chain of events.

use audit::{Hash, Head};
use diesel::prelude::*;
use kernel::{AccountId, entity};

use crate::{Conn, Result, StoreError, schema::audit_heads, sql_types::SqlId, tables::inconsistent};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_heads)]
struct Row {
    account_id: SqlId<entity::Account>,
    sequence: i64,
    hash: Vec<u8>,
}

impl Row {
    fn new(account: AccountId, head: &Head) -> Self {
        Self { account_id: account.into(), sequence: head.sequence, hash: head.hash.as_bytes().to_vec() }
    }
}

impl TryFrom<Row> for Head {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let account = AccountId::from(row.account_id);
        let hash = Hash::from_bytes(&row.hash).ok_or_else(|| inconsistent("audit_heads", "hash", account))?;
        Ok(Self { sequence: row.sequence, hash })
    }
}

/// Where the account's chain ends; an empty chain for an account without events.
pub fn get(conn: &mut Conn, account: AccountId) -> Result<Head> {
    let row = audit_heads::table.find(SqlId::from(account)).select(Row::as_select()).first(conn).optional()?;
    row.map_or(Ok(Head::EMPTY), Head::try_from)
}

/// The same, and makes everyone else who locks it wait until the transaction ends. It is locked after everything else,
/// so that nothing but the commit is waited for.
pub(in crate::tables) fn lock(conn: &mut Conn, account: AccountId) -> Result<Head> {
    if let Some(head) = find_locked(conn, account)? {
        return Ok(head);
    }
    let row = Row::new(account, &Head::EMPTY);
    match conn {
        Conn::Sqlite(conn) => {
            diesel::insert_into(audit_heads::table).values(row).execute(conn)?;
        }
        // If two first events come at once, the second waits here for the first, and then finds its row.
        Conn::Postgres(conn) => {
            diesel::insert_into(audit_heads::table).values(row).on_conflict_do_nothing().execute(conn)?;
        }
    }
    find_locked(conn, account)?.ok_or_else(|| inconsistent("audit_heads", "account_id", account))
}

fn find_locked(conn: &mut Conn, account: AccountId) -> Result<Option<Head>> {
    let id = SqlId::from(account);
    let row: Option<Row> = match conn {
        Conn::Sqlite(conn) => audit_heads::table.find(id).select(Row::as_select()).first(conn).optional()?,
        Conn::Postgres(conn) => {
            audit_heads::table.find(id).select(Row::as_select()).for_update().first(conn).optional()?
        }
    };
    row.map(Head::try_from).transpose()
}

/// Moves the end of the chain. The caller has locked it.
pub(in crate::tables) fn set(conn: &mut Conn, account: AccountId, head: &Head) -> Result<()> {
    diesel::update(audit_heads::table.find(SqlId::from(account)))
        .set((audit_heads::sequence.eq(head.sequence), audit_heads::hash.eq(head.hash.as_bytes().to_vec())))
        .execute(conn)?;
    Ok(())
}
