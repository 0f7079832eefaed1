//! Refresh tokens: each renews its session once.

use diesel::prelude::*;
use kernel::{AccountId, SessionId, Time, TokenDigest, entity};

use crate::{
    Conn, Result,
    schema::{refresh_tokens, sessions},
    sql_types::{SqlId, SqlTime},
};

/// A refresh token, used or not.
#[derive(Clone, Copy, Debug)]
pub struct RefreshToken {
    /// The account of its session.
    pub account_id: AccountId,
    /// The session that it renews.
    pub session_id: SessionId,
    /// When it was used.
    pub used_at: Option<Time>,
}

#[derive(Insertable)]
#[diesel(table_name = refresh_tokens)]
struct Row {
    token_digest: Vec<u8>,
    account_id: SqlId<entity::Account>,
    session_id: SqlId<entity::Session>,
    created_at: SqlTime,
}

/// Adds a token of this session.
pub fn insert(conn: &mut Conn, token: TokenDigest, account: AccountId, session: SessionId, now: Time) -> Result<()> {
    let row = Row {
        token_digest: token.as_bytes().to_vec(),
        account_id: account.into(),
        session_id: session.into(),
        created_at: now.into(),
    };
    diesel::insert_into(refresh_tokens::table).values(row).execute(conn)?;
    Ok(())
}

/// The token with this digest.
pub fn by_digest(conn: &mut Conn, token: TokenDigest) -> Result<Option<RefreshToken>> {
    type Found = (SqlId<entity::Account>, SqlId<entity::Session>, Option<SqlTime>);
    let found = refresh_tokens::table
        .find(token.as_bytes().to_vec())
        .select((refresh_tokens::account_id, refresh_tokens::session_id, refresh_tokens::used_at))
        .first::<Found>(conn)
        .optional()?;
    Ok(found.map(|(account, session, used_at)| RefreshToken {
        account_id: account.into(),
        session_id: session.into(),
        used_at: used_at.map(Time::from),
    }))
}

/// Marks the token as used. The caller has locked the user.
pub fn set_used(conn: &mut Conn, token: TokenDigest, now: Time) -> Result<()> {
    diesel::update(refresh_tokens::table.find(token.as_bytes().to_vec()))
        .set(refresh_tokens::used_at.eq(SqlTime::from(now)))
        .execute(conn)?;
    Ok(())
}

/// Deletes up to `limit` tokens of sessions that expired before `then`; returns how many.
pub fn purge(conn: &mut Conn, then: Time, limit: i64) -> Result<usize> {
    let session = sessions::account_id.eq(refresh_tokens::account_id).and(sessions::id.eq(refresh_tokens::session_id));
    let expired = sessions::table
        .inner_join(refresh_tokens::table.on(session))
        .filter(sessions::expires_at.lt(SqlTime::from(then)))
        .select(refresh_tokens::token_digest)
        .limit(limit)
        .load::<Vec<u8>>(conn)?;
    Ok(diesel::delete(refresh_tokens::table.filter(refresh_tokens::token_digest.eq_any(expired))).execute(conn)?)
}
