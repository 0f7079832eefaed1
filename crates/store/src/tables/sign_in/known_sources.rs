//! Networks from which each user has signed in.

use diesel::prelude::*;
use kernel::{AccountId, Time, UserId, entity};

use crate::{
    Conn, Result,
    schema::known_sources,
    sql_types::{SqlId, SqlTime},
    tables::{base::some_rows::delete_older, digest},
};

#[derive(Insertable)]
#[diesel(table_name = known_sources)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    source_digest: Vec<u8>,
    last_used_at: SqlTime,
}

/// Whether the user has signed in from there.
pub fn contains(conn: &mut Conn, account: AccountId, user: UserId, source: [u8; 32]) -> Result<bool> {
    let found = known_sources::table
        .find((SqlId::from(account), SqlId::from(user), source.to_vec()))
        .select(known_sources::last_used_at)
        .first::<SqlTime>(conn)
        .optional()?;
    Ok(found.is_some())
}

/// All networks from which the user has signed in.
pub fn of_user(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Vec<[u8; 32]>> {
    let found = known_sources::table
        .filter(known_sources::account_id.eq(SqlId::from(account)))
        .filter(known_sources::user_id.eq(SqlId::from(user)))
        .select(known_sources::source_digest)
        .load::<Vec<u8>>(conn)?;
    found.iter().map(|bytes| digest(bytes, "known_sources")).collect()
}

/// Records that the user has signed in from there. The caller has locked the user.
pub fn remember(conn: &mut Conn, account: AccountId, user: UserId, source: [u8; 32], now: Time) -> Result<()> {
    let known = known_sources::table.find((SqlId::from(account), SqlId::from(user), source.to_vec()));
    let changed = diesel::update(known).set(known_sources::last_used_at.eq(SqlTime::from(now))).execute(conn)?;
    if changed == 0 {
        let row = Row {
            account_id: account.into(),
            user_id: user.into(),
            source_digest: source.to_vec(),
            last_used_at: now.into(),
        };
        diesel::insert_into(known_sources::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Deletes all of the user's; returns how many.
pub fn forget(conn: &mut Conn, account: AccountId, user: UserId) -> Result<usize> {
    let forgotten = diesel::delete(
        known_sources::table
            .filter(known_sources::account_id.eq(SqlId::from(account)))
            .filter(known_sources::user_id.eq(SqlId::from(user))),
    )
    .execute(conn)?;
    Ok(forgotten)
}

/// Deletes up to `limit` networks that were not used since `then`; returns how many.
pub fn purge(conn: &mut Conn, then: Time, limit: i64) -> Result<usize> {
    delete_older(conn, "known_sources", "last_used_at", then, limit)
}
