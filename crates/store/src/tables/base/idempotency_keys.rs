//! First replies, kept to answer a request that is sent again.

use diesel::prelude::*;
use kernel::{AccountId, Time, UserId, entity};

use crate::{
    Conn, Result,
    schema::idempotency_keys,
    sql_types::{SqlId, SqlTime},
    tables::base::some_rows::delete_older,
};

/// The first reply to a request with a key.
#[derive(Clone)]
pub struct FirstReply {
    /// The account of the caller.
    pub account_id: AccountId,
    /// The caller: the keys of two callers never collide.
    pub user_id: UserId,
    /// SHA-256 of the key.
    pub key_digest: [u8; 32],
    /// SHA-256 of the request, to detect another request with the same key.
    pub request_digest: Vec<u8>,
    /// The reply, sealed.
    pub sealed_reply: Vec<u8>,
    /// When it was given.
    pub created_at: Time,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    key_digest: Vec<u8>,
    request_digest: Vec<u8>,
    sealed_reply: Vec<u8>,
    created_at: SqlTime,
}

/// Stores a first reply. The caller has locked the user.
pub fn insert(conn: &mut Conn, reply: &FirstReply) -> Result<()> {
    let row = Row {
        account_id: reply.account_id.into(),
        user_id: reply.user_id.into(),
        key_digest: reply.key_digest.to_vec(),
        request_digest: reply.request_digest.clone(),
        sealed_reply: reply.sealed_reply.clone(),
        created_at: reply.created_at.into(),
    };
    diesel::insert_into(idempotency_keys::table).values(row).execute(conn)?;
    Ok(())
}

/// The first reply to this caller's request with this key.
pub fn get(conn: &mut Conn, account: AccountId, user: UserId, key_digest: [u8; 32]) -> Result<Option<FirstReply>> {
    let row = idempotency_keys::table
        .find((SqlId::from(account), SqlId::from(user), key_digest.to_vec()))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(|row: Row| FirstReply {
        account_id: row.account_id.into(),
        user_id: row.user_id.into(),
        key_digest,
        request_digest: row.request_digest,
        sealed_reply: row.sealed_reply,
        created_at: row.created_at.into(),
    }))
}

/// Deletes up to `limit` replies given before `then`; returns how many.
pub fn purge(conn: &mut Conn, then: Time, limit: i64) -> Result<usize> {
    delete_older(conn, "idempotency_keys", "created_at", then, limit)
}
