//! The confirmed device of each user.

use std::collections::HashMap;

use diesel::prelude::*;
use kernel::{AccountId, Time, UserId, entity};
use two_factor::Step;

use crate::{
    Conn, Result,
    schema::authenticators,
    sql_types::{SqlId, SqlTime},
};

/// A confirmed device.
#[derive(Clone)]
pub struct Authenticator {
    /// The account of its owner.
    pub account_id: AccountId,
    /// Its owner.
    pub user_id: UserId,
    /// The shared secret, sealed.
    pub sealed_secret: Vec<u8>,
    /// Whether its owner chose it without the policy requiring it.
    pub by_choice: bool,
    /// The time step whose code was accepted last.
    pub last_step: Step,
    /// When it was confirmed.
    pub confirmed_at: Time,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = authenticators)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    sealed_secret: Vec<u8>,
    by_choice: bool,
    last_step: i64,
    confirmed_at: SqlTime,
}

impl From<Row> for Authenticator {
    fn from(row: Row) -> Self {
        Self {
            account_id: row.account_id.into(),
            user_id: row.user_id.into(),
            sealed_secret: row.sealed_secret,
            by_choice: row.by_choice,
            last_step: Step::new(row.last_step),
            confirmed_at: row.confirmed_at.into(),
        }
    }
}

impl From<&Authenticator> for Row {
    fn from(authenticator: &Authenticator) -> Self {
        Self {
            account_id: authenticator.account_id.into(),
            user_id: authenticator.user_id.into(),
            sealed_secret: authenticator.sealed_secret.clone(),
            by_choice: authenticator.by_choice,
            last_step: authenticator.last_step.get(),
            confirmed_at: authenticator.confirmed_at.into(),
        }
    }
}

/// Adds the device; a unique violation if the user has one.
pub fn insert(conn: &mut Conn, authenticator: &Authenticator) -> Result<()> {
    diesel::insert_into(authenticators::table).values(Row::from(authenticator)).execute(conn)?;
    Ok(())
}

/// Adds devices for many users who have none.
pub fn insert_many(conn: &mut Conn, new: &[Authenticator]) -> Result<()> {
    match conn {
        // SQLite runs in this process: one statement per row is cheap.
        Conn::Sqlite(conn) => {
            for device in new {
                diesel::insert_into(authenticators::table).values(Row::from(device)).execute(conn)?;
            }
        }
        // PostgreSQL statements take at most 65,535 parameters.
        Conn::Postgres(conn) => {
            for part in new.chunks(5_000) {
                let rows: Vec<Row> = part.iter().map(Row::from).collect();
                diesel::insert_into(authenticators::table).values(rows).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// The device of this user.
pub fn of_user(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Option<Authenticator>> {
    let row = authenticators::table
        .find((SqlId::from(account), SqlId::from(user)))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Authenticator::from))
}

/// Which of these users have a device, and whether by their own choice.
pub fn of_users(conn: &mut Conn, account: AccountId, ids: &[UserId]) -> Result<HashMap<UserId, bool>> {
    let found = authenticators::table
        .filter(authenticators::account_id.eq(SqlId::from(account)))
        .filter(authenticators::user_id.eq_any(ids.iter().map(|id| SqlId::from(*id))))
        .select((authenticators::user_id, authenticators::by_choice))
        .load::<(SqlId<entity::User>, bool)>(conn)?;
    Ok(found.into_iter().map(|(user, by_choice)| (UserId::from(user), by_choice)).collect())
}

/// Records that a code of `step` was accepted, unless one of this step or a later one was before; returns whether that
/// is so.
pub fn accept_step(conn: &mut Conn, account: AccountId, user: UserId, step: Step) -> Result<bool> {
    let device = authenticators::table.find((SqlId::from(account), SqlId::from(user)));
    let accepted = diesel::update(device.filter(authenticators::last_step.lt(step.get())))
        .set(authenticators::last_step.eq(step.get()))
        .execute(conn)?;
    Ok(accepted == 1)
}

/// Deletes the device of this user; returns whether there was one.
pub fn delete(conn: &mut Conn, account: AccountId, user: UserId) -> Result<bool> {
    let device = authenticators::table.find((SqlId::from(account), SqlId::from(user)));
    Ok(diesel::delete(device).execute(conn)? > 0)
}
