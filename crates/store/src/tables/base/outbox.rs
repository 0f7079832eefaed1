//! Messages to send: written in the same transaction as their cause, sent afterwards.

use std::collections::HashSet;

use diesel::{
    dsl::{max, min},
    prelude::*,
};
use kernel::{AccountId, Id, Time, UserId, entity};

use crate::{
    Conn, Result, StoreError, savepoint,
    schema::outbox,
    sql_types::{SqlId, SqlTime},
    tables::{base::lease::LeaseClock, inconsistent},
};

/// A message to a user.
#[derive(Clone, Debug)]
pub struct Message {
    /// The account of the user.
    pub account_id: AccountId,
    /// Its id; ids sort by time.
    pub id: Id<Message>,
    /// What it is about, such as `password_expires`.
    pub kind: &'static str,
    /// The recipient.
    pub user_id: UserId,
    /// Names the occasion: for one user, kind and key there is one message. The row must stay as long as the occasion
    /// may recur, even after sending.
    pub once_key: String,
    /// The content: JSON, depending on the kind.
    pub payload: String,
    /// The secret part of the content, sealed.
    pub sealed: Option<Vec<u8>>,
    /// When it was queued.
    pub created_at: Time,
    /// When it becomes too late to send it.
    pub send_before: Time,
}

#[derive(Insertable)]
#[diesel(table_name = outbox)]
struct Row<'a> {
    account_id: SqlId<entity::Account>,
    id: SqlId<Message>,
    kind: &'a str,
    user_id: SqlId<entity::User>,
    once_key: &'a str,
    payload: &'a str,
    created_at: SqlTime,
    sealed: Option<&'a [u8]>,
    send_at: Option<SqlTime>,
    send_before: Option<SqlTime>,
    turn: i64,
}

/// Queues a message, unless there is one for its occasion; returns whether there was none. Another transaction may
/// queue the same one concurrently.
pub fn queue(conn: &mut Conn, message: &Message) -> Result<bool> {
    let turn = next_turn(conn, message.account_id)?;
    let inserted = savepoint(conn, |conn| {
        let row = Row {
            account_id: message.account_id.into(),
            id: message.id.into(),
            kind: message.kind,
            user_id: message.user_id.into(),
            once_key: &message.once_key,
            payload: &message.payload,
            created_at: message.created_at.into(),
            sealed: message.sealed.as_deref(),
            send_at: Some(message.created_at.into()),
            send_before: Some(message.send_before.into()),
            turn,
        };
        diesel::insert_into(outbox::table).values(row).execute(conn)?;
        Ok(())
    });
    match inserted {
        Ok(()) => Ok(true),
        Err(StoreError::UniqueViolation { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The turn of the account's next message: after its own, and not before the next ones due. No clock decides, and
/// nobody is locked: two messages with one turn do no harm.
fn next_turn(conn: &mut Conn, account: AccountId) -> Result<i64> {
    let open = outbox::table.filter(outbox::send_at.is_not_null());
    let first = open.select(min(outbox::turn)).first::<Option<i64>>(conn)?.unwrap_or(0);
    let own = open.filter(outbox::account_id.eq(SqlId::from(account))).select(max(outbox::turn));
    let behind_own = own.first::<Option<i64>>(conn)?.map_or(0, |last| last.saturating_add(1));
    Ok(first.max(behind_own))
}

/// The occasions of this kind for which these users have a message.
pub fn queued(conn: &mut Conn, account: AccountId, kind: &str, users: &[UserId]) -> Result<HashSet<(UserId, String)>> {
    let found = outbox::table
        .filter(outbox::account_id.eq(SqlId::from(account)))
        .filter(outbox::kind.eq(kind))
        .filter(outbox::user_id.eq_any(users.iter().map(|id| SqlId::from(*id))))
        .select((outbox::user_id, outbox::once_key))
        .load::<(SqlId<entity::User>, String)>(conn)?;
    Ok(found.into_iter().map(|(user, key)| (user.into(), key)).collect())
}

/// A message whose next attempt is due. Nothing else of it has been checked.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// The account.
    pub account_id: AccountId,
    /// The message.
    pub id: Id<Message>,
    /// How many attempts have begun.
    pub attempts: i32,
}

/// The condition that an attempt is due.
macro_rules! is_due {
    ($clock:expr) => {
        outbox::send_at.le(SqlTime($clock.now)).or(outbox::send_at.gt(SqlTime($clock.latest)))
    };
}

/// Up to `limit` messages whose next attempt is due, taking the accounts in turn.
pub fn due(conn: &mut Conn, clock: LeaseClock, limit: i64) -> Result<Vec<Due>> {
    let found = outbox::table
        .filter(outbox::send_at.is_not_null())
        .filter(is_due!(clock))
        .select((outbox::account_id, outbox::id, outbox::attempts))
        .order((outbox::turn, outbox::send_at, outbox::account_id, outbox::id))
        .limit(limit)
        .load::<(SqlId<entity::Account>, SqlId<Message>, i32)>(conn)?;
    Ok(found
        .into_iter()
        .map(|(account, id, attempts)| Due { account_id: account.into(), id: id.into(), attempts })
        .collect())
}

/// A message with an attempt that has begun.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The account of the user.
    pub account_id: AccountId,
    /// Its id.
    pub id: Id<Message>,
    /// What it is about.
    pub kind: String,
    /// The recipient.
    pub user_id: UserId,
    /// Names the occasion.
    pub once_key: String,
    /// Its secret part, sealed.
    pub sealed: Option<Vec<u8>>,
    /// When it was queued.
    pub created_at: Time,
    /// When it becomes too late to send it, if ever.
    pub send_before: Option<Time>,
    /// How many attempts have begun, including this one.
    pub attempts: u32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
struct BegunRow {
    account_id: SqlId<entity::Account>,
    id: SqlId<Message>,
    kind: String,
    user_id: SqlId<entity::User>,
    once_key: String,
    sealed: Option<Vec<u8>>,
    created_at: SqlTime,
    send_before: Option<SqlTime>,
    attempts: i32,
}

impl TryFrom<BegunRow> for Begun {
    type Error = StoreError;

    fn try_from(row: BegunRow) -> Result<Self> {
        let id = Id::from(row.id);
        Ok(Self {
            account_id: row.account_id.into(),
            id,
            kind: row.kind,
            user_id: row.user_id.into(),
            once_key: row.once_key,
            sealed: row.sealed,
            created_at: row.created_at.into(),
            send_before: row.send_before.map(Time::from),
            attempts: u32::try_from(row.attempts).map_err(|_| inconsistent("outbox", "attempts", id))?,
        })
    }
}

/// Begins an attempt, and plans the next in case it is interrupted; `None`: another node was faster.
pub fn begin(conn: &mut Conn, due: &Due, clock: LeaseClock, next: Time) -> Result<Option<Begun>> {
    let message = outbox::table.find((SqlId::from(due.account_id), SqlId::from(due.id)));
    let changed = diesel::update(message.filter(outbox::attempts.eq(due.attempts)).filter(is_due!(clock)))
        .set((outbox::attempts.eq(due.attempts.saturating_add(1)), outbox::send_at.eq(SqlTime(next))))
        .execute(conn)?;
    if changed == 0 {
        return Ok(None);
    }
    message.select(BegunRow::as_select()).first(conn).map_err(StoreError::from).and_then(Begun::try_from).map(Some)
}

/// Ends the message, sent or not, and deletes its secret; returns whether it was still open.
pub fn end(conn: &mut Conn, account: AccountId, id: Id<Message>, now: Time) -> Result<bool> {
    let message = outbox::table.find((SqlId::from(account), SqlId::from(id)));
    let changed = diesel::update(message.filter(outbox::send_at.is_not_null()))
        .set((
            outbox::send_at.eq(None::<SqlTime>),
            outbox::sealed.eq(None::<Vec<u8>>),
            outbox::over_at.eq(Some(SqlTime(now))),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Deletes up to `limit` messages of this kind whose time to send ended before `then`; returns how many.
pub fn purge(conn: &mut Conn, kind: &str, then: Time, limit: i64) -> Result<usize> {
    let late = outbox::table
        .filter(outbox::kind.eq(kind))
        .filter(outbox::send_before.lt(SqlTime(then)))
        .select((outbox::account_id, outbox::id))
        .limit(limit)
        .load::<(SqlId<entity::Account>, SqlId<Message>)>(conn)?;
    let mut purged = 0_usize;
    for key in late {
        purged = purged.saturating_add(diesel::delete(outbox::table.find(key)).execute(conn)?);
    }
    Ok(purged)
}
