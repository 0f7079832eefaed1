//! Second-factor counts of accounts at the beginning of each day.

use diesel::{prelude::*, sql_types::Integer};
use kernel::{AccountId, Time, entity};

use crate::{
    Conn, Result, StoreError,
    connection::savepoint,
    schema::{accounts, two_factor_days},
    sql_types::{SqlId, SqlTime},
    tables::base::some_rows::delete_some,
};

/// An account's counts for a day, as first seen on that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoFactorDay {
    /// The day: days since 1970, UTC.
    pub day: i32,
    /// Active users.
    pub users: i64,
    /// Users of whom the policy requires a second factor.
    pub asked: i64,
    /// Users with a device that is required.
    pub enrolled: i64,
    /// Users without a required device.
    pub not_enrolled: i64,
    /// Users with a device that is not required.
    pub asleep: i64,
    /// When the counts were taken.
    pub taken_at: Time,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = two_factor_days)]
struct Row {
    account_id: SqlId<entity::Account>,
    day: i32,
    users: i64,
    asked: i64,
    enrolled: i64,
    not_enrolled: i64,
    asleep: i64,
    taken_at: SqlTime,
}

impl From<Row> for TwoFactorDay {
    fn from(row: Row) -> Self {
        let Row { account_id: _, day, users, asked, enrolled, not_enrolled, asleep, taken_at } = row;
        Self { day, users, asked, enrolled, not_enrolled, asleep, taken_at: taken_at.into() }
    }
}

/// Records the day; returns whether nobody had, and the account still exists. Several nodes may try at once.
pub fn insert(conn: &mut Conn, account: AccountId, of: &TwoFactorDay) -> Result<bool> {
    let TwoFactorDay { day, users, asked, enrolled, not_enrolled, asleep, taken_at } = *of;
    let account_id = account.into();
    let taken_at = taken_at.into();
    let row = Row { account_id, day, users, asked, enrolled, not_enrolled, asleep, taken_at };
    let inserted = savepoint(conn, |conn| {
        diesel::insert_into(two_factor_days::table).values(row).execute(conn)?;
        Ok::<_, StoreError>(())
    });
    match inserted {
        Ok(()) => Ok(true),
        Err(StoreError::UniqueViolation { .. } | StoreError::ForeignKeyViolation) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The recorded days of the account after this one, in order.
pub fn after(conn: &mut Conn, account: AccountId, day: i32) -> Result<Vec<TwoFactorDay>> {
    let rows = two_factor_days::table
        .filter(two_factor_days::account_id.eq(SqlId::from(account)))
        .filter(two_factor_days::day.gt(day))
        .select(Row::as_select())
        .order(two_factor_days::day)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(TwoFactorDay::from).collect())
}

/// The first recorded day of the account.
pub fn first(conn: &mut Conn, account: AccountId) -> Result<Option<i32>> {
    let days = two_factor_days::table.filter(two_factor_days::account_id.eq(SqlId::from(account)));
    Ok(days.select(two_factor_days::day).order(two_factor_days::day).first(conn).optional()?)
}

/// Up to `limit` accounts after `last` for which this day is not recorded.
pub fn missing(conn: &mut Conn, day: i32, last: Option<AccountId>, limit: i64) -> Result<Vec<AccountId>> {
    let of_day = two_factor_days::account_id.eq(accounts::id).and(two_factor_days::day.eq(day));
    let mut query = accounts::table
        .left_join(two_factor_days::table.on(of_day))
        .filter(two_factor_days::day.is_null())
        .select(accounts::id)
        .order(accounts::id)
        .limit(limit)
        .into_boxed();
    if let Some(last) = last {
        query = query.filter(accounts::id.gt(SqlId::from(last)));
    }
    Ok(query.load::<SqlId<entity::Account>>(conn)?.into_iter().map(AccountId::from).collect())
}

/// Deletes up to `limit` days before this one; returns how many.
pub fn purge(conn: &mut Conn, before: i32, limit: i64) -> Result<usize> {
    delete_some::<Integer, _>(conn, "two_factor_days", ("day", "<"), before, limit)
}
