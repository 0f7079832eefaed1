//! Since when users are required to enroll, where that differs from the policy's time.

use std::collections::BTreeMap;

use diesel::prelude::*;
use kernel::{AccountId, Time, UserId, entity};

use crate::{
    Conn, Result,
    schema::two_factor_due,
    sql_types::{SqlId, SqlTime},
};

/// Rows of one insert on PostgreSQL, whose statements take at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 10_000;

/// Rows of one delete: SQLite takes fewer parameters.
const ROWS_PER_DELETE: usize = 1_000;

#[derive(Insertable, Clone, Copy)]
#[diesel(table_name = two_factor_due)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    since: SqlTime,
}

/// All users of the account with their own time.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<BTreeMap<UserId, Time>> {
    let found = two_factor_due::table
        .filter(two_factor_due::account_id.eq(SqlId::from(account)))
        .select((two_factor_due::user_id, two_factor_due::since))
        .load::<(SqlId<entity::User>, SqlTime)>(conn)?;
    Ok(found.into_iter().map(|(user, since)| (user.into(), since.into())).collect())
}

/// Makes `wanted` the times of the account, where `present` is what is stored. Only differences are written.
pub fn replace(
    conn: &mut Conn,
    account: AccountId,
    present: &BTreeMap<UserId, Time>,
    wanted: &BTreeMap<UserId, Time>,
) -> Result<()> {
    let gone: Vec<_> = present
        .iter()
        .filter(|(user, since)| wanted.get(user) != Some(since))
        .map(|(user, _)| SqlId::from(*user))
        .collect();
    for gone in gone.chunks(ROWS_PER_DELETE) {
        diesel::delete(
            two_factor_due::table
                .filter(two_factor_due::account_id.eq(SqlId::from(account)))
                .filter(two_factor_due::user_id.eq_any(gone.iter().copied())),
        )
        .execute(conn)?;
    }
    let new = wanted.iter().filter(|(user, since)| present.get(user) != Some(since));
    let new: Vec<Row> = new
        .map(|(user, since)| Row { account_id: account.into(), user_id: (*user).into(), since: (*since).into() })
        .collect();
    match conn {
        // SQLite runs in this process: one statement per row is cheap.
        Conn::Sqlite(conn) => {
            for row in new {
                diesel::insert_into(two_factor_due::table).values(row).execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            for rows in new.chunks(ROWS_PER_INSERT) {
                diesel::insert_into(two_factor_due::table).values(rows).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Sets the user's own time. The caller has locked the user.
pub fn begin(conn: &mut Conn, account: AccountId, user: UserId, now: Time) -> Result<()> {
    let own = two_factor_due::table.find((SqlId::from(account), SqlId::from(user)));
    let changed = diesel::update(own).set(two_factor_due::since.eq(SqlTime::from(now))).execute(conn)?;
    if changed == 0 {
        let row = Row { account_id: account.into(), user_id: user.into(), since: now.into() };
        diesel::insert_into(two_factor_due::table).values(row).execute(conn)?;
    }
    Ok(())
}
