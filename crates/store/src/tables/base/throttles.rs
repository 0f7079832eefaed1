//! Counters of wrong guesses.

use std::collections::HashMap;

use auth::throttle::Counter;
use diesel::{prelude::*, sql_types::BigInt};
use kernel::{AccountId, Time, UserId, entity};

use crate::{
    Conn, Result,
    schema::throttles,
    sql_types::{SqlId, SqlTime},
    tables::{base::some_rows::delete_older, inconsistent},
};

/// The key of a counter: the kind, and the digest of a name or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The kind of guess.
    pub kind: &'static str,
    /// The digest of what is guessed at.
    pub digest: [u8; 32],
    /// The user it belongs to, if any.
    pub owner: Option<(AccountId, UserId)>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = throttles)]
struct Row {
    kind: String,
    key_digest: Vec<u8>,
    failures: i32,
    last_failure_at: SqlTime,
    blocked_until: SqlTime,
    of_account: Option<SqlId<entity::Account>>,
    of_user: Option<SqlId<entity::User>>,
}

/// Makes everyone else who locks this counter wait until the transaction ends; a counter need not exist to be locked.
pub fn lock(conn: &mut Conn, key: &Key) -> Result<()> {
    match conn {
        Conn::Sqlite(_) => {}
        Conn::Postgres(conn) => {
            // Two counters that share these eight bytes merely wait for each other once in a while.
            let number = key.digest.first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes));
            diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(number).execute(conn)?;
        }
    }
    Ok(())
}

/// The counter, if there is one. The caller has locked it.
pub fn get(conn: &mut Conn, key: &Key) -> Result<Option<Counter>> {
    let row = throttles::table
        .find((key.kind, key.digest.to_vec()))
        .select(Row::as_select())
        .first::<Row>(conn)
        .optional()?;
    row.map(|row| {
        Ok(Counter {
            failures: u32::try_from(row.failures).map_err(|_| inconsistent("throttles", "failures", key.kind))?,
            last_failure_at: row.last_failure_at.into(),
            blocked_until: row.blocked_until.into(),
        })
    })
    .transpose()
}

/// Saves the counter. The caller has locked it.
pub fn put(conn: &mut Conn, key: &Key, counter: Counter) -> Result<()> {
    let row = Row {
        kind: key.kind.to_owned(),
        key_digest: key.digest.to_vec(),
        failures: i32::try_from(counter.failures).unwrap_or(i32::MAX),
        last_failure_at: counter.last_failure_at.into(),
        blocked_until: counter.blocked_until.into(),
        of_account: key.owner.map(|(account, _)| account.into()),
        of_user: key.owner.map(|(_, user)| user.into()),
    };
    let changed = diesel::update(throttles::table.find((key.kind, key.digest.to_vec())))
        .set((
            throttles::failures.eq(row.failures),
            throttles::last_failure_at.eq(row.last_failure_at),
            throttles::blocked_until.eq(row.blocked_until),
            throttles::of_account.eq(row.of_account),
            throttles::of_user.eq(row.of_user),
        ))
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(throttles::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Deletes the counter; returns whether there was one.
pub fn clear(conn: &mut Conn, key: &Key) -> Result<bool> {
    Ok(diesel::delete(throttles::table.find((key.kind, key.digest.to_vec()))).execute(conn)? > 0)
}

/// Deletes all counters of this user. One that is raised concurrently may come back with this one guess.
pub fn clear_owned(conn: &mut Conn, account: AccountId, user: UserId) -> Result<()> {
    diesel::delete(
        throttles::table
            .filter(throttles::of_account.eq(SqlId::from(account)))
            .filter(throttles::of_user.eq(SqlId::from(user))),
    )
    .execute(conn)?;
    Ok(())
}

/// Until when each of these users is locked, for those locked at `now`; the longest wait of each.
pub fn waiting(conn: &mut Conn, account: AccountId, ids: &[UserId], now: Time) -> Result<HashMap<UserId, Time>> {
    let found = throttles::table
        .filter(throttles::of_account.eq(SqlId::from(account)))
        .filter(throttles::blocked_until.gt(SqlTime::from(now)))
        .filter(throttles::of_user.eq_any(ids.iter().map(|id| SqlId::from(*id))))
        .select((throttles::of_user, throttles::blocked_until))
        .load::<(Option<SqlId<entity::User>>, SqlTime)>(conn)?;
    let mut waiting = HashMap::new();
    for (user, until) in found {
        let until = Time::from(until);
        if let Some(user) = user {
            waiting.entry(user.into()).and_modify(|longest: &mut Time| *longest = until.max(*longest)).or_insert(until);
        }
    }
    Ok(waiting)
}

/// Deletes up to `limit` counters without a wrong guess since `then`; returns how many.
pub fn purge(conn: &mut Conn, then: Time, limit: i64) -> Result<usize> {
    delete_older(conn, "throttles", "last_failure_at", then, limit)
}
