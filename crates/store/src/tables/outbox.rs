//! What is to be sent: written in the same transaction as its cause, sent afterwards.

use std::collections::HashSet;

use diesel::prelude::*;
use kernel::{AccountId, Id, Time, UserId, entity};

use crate::{
    Conn, Result, StoreError, savepoint,
    schema::outbox,
    sql_types::{SqlId, SqlTime},
};

/// Something to tell a user.
#[derive(Clone, Debug)]
pub struct Message {
    /// The account of the user.
    pub account_id: AccountId,
    /// Its id, in the order of time.
    pub id: Id<Message>,
    /// What it is about, such as `password_expires`.
    pub kind: &'static str,
    /// Whom to tell.
    pub user_id: UserId,
    /// Names the occasion: of one user, kind and key there is one message. It has to stay as long as the occasion may come
    /// up again, also when it was sent.
    pub once_key: String,
    /// What to say: JSON, for the kind.
    pub payload: String,
    /// When it was queued.
    pub created_at: Time,
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
}

/// Queues a message, unless there is one for its occasion; whether there was none. Another transaction may queue the same at
/// the same moment.
pub fn queue(conn: &mut Conn, message: &Message) -> Result<bool> {
    let inserted = savepoint(conn, |conn| {
        let row = Row {
            account_id: message.account_id.into(),
            id: message.id.into(),
            kind: message.kind,
            user_id: message.user_id.into(),
            once_key: &message.once_key,
            payload: &message.payload,
            created_at: message.created_at.into(),
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
