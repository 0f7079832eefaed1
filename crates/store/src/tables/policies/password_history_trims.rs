//! Accounts in which earlier passwords may be kept longer than the policies remember them, and the progress of trimming
//! them.

use diesel::prelude::*;
use kernel::{AccountId, Time, UserId, entity};

use crate::{Conn, Result, StoreError, savepoint, schema::password_history_trims, sql_types::SqlId};

/// Work to be done in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trim {
    /// The account.
    pub account_id: AccountId,
    /// The number of the latest reason; a greater one means to start over.
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

/// Records that the earlier passwords of all users of the account must be checked, from the beginning.
pub fn ask(conn: &mut Conn, account: AccountId, now: Time) -> Result<()> {
    // Another transaction may record the first reason, or finish the work, at the same time: then the second try
    // records it.
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
            // Greater than any number before it: a node that still works for an old reason must not take it for its
            // own.
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

/// All pending work.
pub fn all(conn: &mut Conn) -> Result<Vec<Trim>> {
    let rows = password_history_trims::table.select(Row::as_select()).load(conn)?;
    Ok(rows.into_iter().map(Trim::from).collect())
}

/// Records that users up to `user` are done, unless there is a newer reason; returns whether there was none.
pub fn advance(conn: &mut Conn, trim: &Trim, user: UserId) -> Result<bool> {
    let same = password_history_trims::table
        .find(SqlId::from(trim.account_id))
        .filter(password_history_trims::number.eq(trim.number));
    let noted = diesel::update(same).set(password_history_trims::done_up_to.eq(SqlId::from(user))).execute(conn)?;
    Ok(noted == 1)
}

/// Records that all users are done, unless there is a newer reason.
pub fn finish(conn: &mut Conn, trim: &Trim) -> Result<()> {
    let same = password_history_trims::table
        .find(SqlId::from(trim.account_id))
        .filter(password_history_trims::number.eq(trim.number));
    diesel::delete(same).execute(conn)?;
    Ok(())
}
