//! Replies with secrets that are shown once, kept for a short time for a client that asks again.

use diesel::prelude::*;
use kernel::{AccountId, Time, TokenDigest, UserId, entity};

use crate::{
    Conn, Result,
    schema::one_time_replies,
    sql_types::{SqlId, SqlTime},
    tables::base::some_rows::delete_older,
};

/// What identifies a request: nobody has both but the client that sent it.
#[derive(Clone, Copy)]
pub struct RepeatKey {
    /// The token that the request was authenticated with.
    pub token: TokenDigest,
    /// SHA-256 of the `Idempotency-Key`.
    pub key: [u8; 32],
}

/// A reply, sealed.
#[derive(Clone)]
pub struct OneTimeReply {
    /// The account of the user.
    pub account_id: AccountId,
    /// The user who got it.
    pub user_id: UserId,
    /// SHA-256 of the token and the request, to detect another request with the same key.
    pub request_digest: Vec<u8>,
    /// The reply.
    pub sealed_reply: Vec<u8>,
    /// Until when it is given again.
    pub expires_at: Time,
}

#[derive(Insertable)]
#[diesel(table_name = one_time_replies)]
struct Row {
    token_digest: Vec<u8>,
    key_digest: Vec<u8>,
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    request_digest: Vec<u8>,
    sealed_reply: Vec<u8>,
    expires_at: SqlTime,
}

/// Keeps a reply, in place of an expired one. The caller has locked the user.
pub fn put(conn: &mut Conn, key: RepeatKey, reply: &OneTimeReply) -> Result<()> {
    let row = Row {
        token_digest: key.token.as_bytes().to_vec(),
        key_digest: key.key.to_vec(),
        account_id: reply.account_id.into(),
        user_id: reply.user_id.into(),
        request_digest: reply.request_digest.clone(),
        sealed_reply: reply.sealed_reply.clone(),
        expires_at: reply.expires_at.into(),
    };
    let same = one_time_replies::table.find((row.token_digest.clone(), row.key_digest.clone()));
    diesel::delete(same).execute(conn)?;
    diesel::insert_into(one_time_replies::table).values(row).execute(conn)?;
    Ok(())
}

/// The reply to this request, unless it has expired.
pub fn get(conn: &mut Conn, key: RepeatKey, now: Time) -> Result<Option<OneTimeReply>> {
    type Found = (SqlId<entity::Account>, SqlId<entity::User>, Vec<u8>, Vec<u8>, SqlTime);
    let found = one_time_replies::table
        .find((key.token.as_bytes().to_vec(), key.key.to_vec()))
        .filter(one_time_replies::expires_at.gt(SqlTime::from(now)))
        .select((
            one_time_replies::account_id,
            one_time_replies::user_id,
            one_time_replies::request_digest,
            one_time_replies::sealed_reply,
            one_time_replies::expires_at,
        ))
        .first::<Found>(conn)
        .optional()?;
    Ok(found.map(|(account, user, request_digest, sealed_reply, expires_at)| OneTimeReply {
        account_id: account.into(),
        user_id: user.into(),
        request_digest,
        sealed_reply,
        expires_at: expires_at.into(),
    }))
}

/// Deletes up to `limit` replies that expired before `then`; returns how many.
pub fn purge(conn: &mut Conn, then: Time, limit: i64) -> Result<usize> {
    delete_older(conn, "one_time_replies", "expires_at", then, limit)
}
