//! Hashes of users' earlier passwords.

use diesel::prelude::*;
use kernel::{AccountId, Time, UserId, entity};

use crate::{
    Conn, Result,
    schema::password_history,
    sql_types::{SqlId, SqlTime},
};

#[derive(Insertable)]
#[diesel(table_name = password_history)]
struct Row<'a> {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    number: i64,
    password_hash: &'a str,
    set_at: Option<SqlTime>,
}

fn newest_number(conn: &mut Conn, account: AccountId, user: UserId) -> Result<i64> {
    let number = password_history::table
        .filter(password_history::account_id.eq(SqlId::from(account)))
        .filter(password_history::user_id.eq(SqlId::from(user)))
        .select(password_history::number)
        .order(password_history::number.desc())
        .first(conn)
        .optional()?;
    Ok(number.unwrap_or(0))
}

/// Adds the password that was just replaced; it was set at `set_at`. The caller has locked the user.
pub fn add(conn: &mut Conn, account: AccountId, user: UserId, hash: &str, set_at: Option<Time>) -> Result<()> {
    let number = newest_number(conn, account, user)?.saturating_add(1);
    let row = Row {
        account_id: account.into(),
        user_id: user.into(),
        number,
        password_hash: hash,
        set_at: set_at.map(SqlTime::from),
    };
    diesel::insert_into(password_history::table).values(row).execute(conn)?;
    Ok(())
}

/// Up to `count` hashes, newest first.
pub fn newest(conn: &mut Conn, account: AccountId, user: UserId, count: usize) -> Result<Vec<String>> {
    Ok(password_history::table
        .filter(password_history::account_id.eq(SqlId::from(account)))
        .filter(password_history::user_id.eq(SqlId::from(user)))
        .select(password_history::password_hash)
        .order(password_history::number.desc())
        .limit(i64::try_from(count).unwrap_or(i64::MAX))
        .load(conn)?)
}

/// Deletes all but the `kept` newest.
pub fn trim(conn: &mut Conn, account: AccountId, user: UserId, kept: usize) -> Result<()> {
    let newest = newest_number(conn, account, user)?;
    let last_to_go = newest.saturating_sub(i64::try_from(kept).unwrap_or(i64::MAX));
    let old = password_history::table
        .filter(password_history::account_id.eq(SqlId::from(account)))
        .filter(password_history::user_id.eq(SqlId::from(user)))
        .filter(password_history::number.le(last_to_go));
    diesel::delete(old).execute(conn)?;
    Ok(())
}

/// Up to `limit` users of the account with any earlier password, after the one with the id `after`, in the order of
/// ids.
pub fn users(conn: &mut Conn, account: AccountId, after: Option<UserId>, limit: i64) -> Result<Vec<UserId>> {
    let mut query = password_history::table
        .filter(password_history::account_id.eq(SqlId::from(account)))
        .select(password_history::user_id)
        .distinct()
        .order(password_history::user_id)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(password_history::user_id.gt(SqlId::from(after)));
    }
    let found = query.load::<SqlId<entity::User>>(conn)?;
    Ok(found.into_iter().map(UserId::from).collect())
}
