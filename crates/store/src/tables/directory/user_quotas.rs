//! How many users accounts have, and how many their plans allow.
//!
//! The functions of `users` that add and delete keep the count: each writes this row, and waits for earlier ones until
//! their transactions end. So the count and the limit are exact.

use diesel::prelude::*;
use kernel::{AccountId, entity};

use crate::{Conn, Result, StoreError, schema::user_quotas, sql_types::SqlId, tables::inconsistent};

/// How many users an account has and may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserQuota {
    /// How many its plan allows; `None`: unlimited.
    pub max_users: Option<u32>,
    /// How many it has. May be more than allowed if the plan has shrunk.
    pub user_count: u32,
}

impl UserQuota {
    /// How many more may be added; `None`: unlimited.
    pub fn room(&self) -> Option<u32> {
        self.max_users.map(|max| max.saturating_sub(self.user_count))
    }
}

/// The columns of [`UserQuota`].
pub(in crate::tables) type Columns = (Option<i64>, i64);

/// Reads the columns.
pub(in crate::tables) fn read((max_users, user_count): Columns, account: AccountId) -> Result<UserQuota> {
    let number = |number: i64| u32::try_from(number).map_err(|_| inconsistent("user_quotas", "user_count", account));
    Ok(UserQuota { max_users: max_users.map(number).transpose()?, user_count: number(user_count)? })
}

/// Adds the quota of a new account: no users.
pub(in crate::tables) fn insert(conn: &mut Conn, account: AccountId, max_users: Option<u32>) -> Result<()> {
    diesel::insert_into(user_quotas::table)
        .values((
            user_quotas::account_id.eq(SqlId::<entity::Account>::from(account)),
            user_quotas::max_users.eq(max_users.map(i64::from)),
            user_quotas::user_count.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Makes everyone else who adds or deletes users of the account wait until the transaction ends, and returns the
/// counts.
pub fn lock(conn: &mut Conn, account: AccountId) -> Result<UserQuota> {
    let id = SqlId::<entity::Account>::from(account);
    let columns = (user_quotas::max_users, user_quotas::user_count);
    let found: Columns = match conn {
        Conn::Sqlite(conn) => user_quotas::table.find(id).select(columns).first(conn)?,
        Conn::Postgres(conn) => user_quotas::table.find(id).select(columns).for_no_key_update().first(conn)?,
    };
    read(found, account)
}

/// Sets how many users the plan allows. Existing users stay, however many.
pub fn set_max(conn: &mut Conn, account: AccountId, max_users: Option<u32>) -> Result<()> {
    diesel::update(user_quotas::table.find(SqlId::<entity::Account>::from(account)))
        .set(user_quotas::max_users.eq(max_users.map(i64::from)))
        .execute(conn)?;
    Ok(())
}

/// Counts new users that are about to be added.
///
/// # Errors
/// [`StoreError::QuotaReached`] if they exceed the plan's limit: then none is counted.
pub(in crate::tables) fn admit(conn: &mut Conn, account: AccountId, new: usize) -> Result<()> {
    let new = i64::try_from(new).map_err(|_| StoreError::QuotaReached)?;
    let fits =
        user_quotas::max_users.is_null().or((user_quotas::user_count + new).nullable().le(user_quotas::max_users));
    let row =
        user_quotas::table.filter(user_quotas::account_id.eq(SqlId::<entity::Account>::from(account))).filter(fits);
    let admitted = diesel::update(row).set(user_quotas::user_count.eq(user_quotas::user_count + new)).execute(conn)?;
    if admitted == 1 { Ok(()) } else { Err(StoreError::QuotaReached) }
}

/// Counts users that were deleted.
pub(in crate::tables) fn release(conn: &mut Conn, account: AccountId, gone: usize) -> Result<()> {
    let gone = i64::try_from(gone).unwrap_or(i64::MAX);
    diesel::update(user_quotas::table.find(SqlId::<entity::Account>::from(account)))
        .set(user_quotas::user_count.eq(user_quotas::user_count - gone))
        .execute(conn)?;
    Ok(())
}
