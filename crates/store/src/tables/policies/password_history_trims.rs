//! Accounts in which earlier passwords may be kept longer than the policies remember them, and how far maintenance is.

use diesel::prelude::*;
use kernel::{AccountId, Time, UserId, entity};

use crate::{Conn, Result, StoreError, savepoint, schema::password_history_trims, sql_types::SqlId};

/// Work that is to be done in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trim {
    /// The account.
    pub account_id: AccountId,
    /// The number of the latest reason; a greater one means to begin again.
    pub number: i64,
    /// Users up to this id are done; `None`: nobody is.
    pub done_up_to: Option<UserId>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = password_history_trims)]
struct Row {
    account_id: SqlId<entity::Account>,
    number: i64,
    done_up_to: Option<SqlId<entity::User>>,
}

impl From<Row> for Trim {
    fn from(row: Row) -> Self {
        Self { account_id: row.account_id.into(), number: row.number, done_up_to: row.done_up_to.map(UserId::from) }
    }
}

/// Notes that the earlier passwords of all users of the account are to be looked through, from the beginning.
pub fn ask(conn: &mut Conn, account: AccountId, now: Time) -> Result<()> {
    // Somebody may note the first reason at the same moment, or the work may end: then it is noted at the second try.
    for _ in 0..3 {
        let noted = diesel::update(password_history_trims::table.find(SqlId::from(account)))
            .set((
                password_history_trims::number.eq(password_history_trims::number + 1),
                password_history_trims::done_up_to.eq(None::<SqlId<entity::User>>),
            ))
            .execute(conn)?;
        if noted == 1 {
            return Ok(());
        }
        let inserted = savepoint(conn, |conn| {
            // Greater than any number before it: a node that still works for an old reason must not take it for its own.
            let row = Row { account_id: account.into(), number: now.timestamp_micros(), done_up_to: None };
            diesel::insert_into(password_history_trims::table).values(row).execute(conn)?;
            Ok(())
        });
        match inserted {
            Err(StoreError::UniqueViolation { .. }) => {}
            other => return other,
        }
    }
    Err(StoreError::Overloaded)
}

/// All that is to be done.
pub fn all(conn: &mut Conn) -> Result<Vec<Trim>> {
    let rows = password_history_trims::table.select(Row::as_select()).load(conn)?;
    Ok(rows.into_iter().map(Trim::from).collect())
}

/// Notes that users up to `user` are done, unless there is a newer reason; whether there was none.
pub fn advance(conn: &mut Conn, trim: &Trim, user: UserId) -> Result<bool> {
    let same = password_history_trims::table
        .find(SqlId::from(trim.account_id))
        .filter(password_history_trims::number.eq(trim.number));
    let noted = diesel::update(same).set(password_history_trims::done_up_to.eq(SqlId::from(user))).execute(conn)?;
    Ok(noted == 1)
}

/// Notes that all users are done, unless there is a newer reason.
pub fn finish(conn: &mut Conn, trim: &Trim) -> Result<()> {
    let same = password_history_trims::table
        .find(SqlId::from(trim.account_id))
        .filter(password_history_trims::number.eq(trim.number));
    diesel::delete(same).execute(conn)?;
    Ok(())
}
