//! Each account's two-factor policy: who must use a second factor.

use diesel::prelude::*;
use kernel::{AccountId, Time, entity};
use two_factor::Mode;

use crate::{
    Conn, Result, StoreError,
    schema::two_factor_policies,
    sql_types::{SqlId, SqlTime},
    tables::inconsistent,
};

/// The policy, without the list that two of the modes have.
#[derive(Clone, Copy, Debug)]
pub struct TwoFactorPolicy {
    /// The account of the policy.
    pub account_id: AccountId,
    /// Who must use a second factor.
    pub mode: Mode,
    /// Grows with every change.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Time,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = two_factor_policies)]
struct Row {
    account_id: SqlId<entity::Account>,
    mode: String,
    version: i64,
    updated_at: SqlTime,
}

impl TryFrom<Row> for TwoFactorPolicy {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let account_id = AccountId::from(row.account_id);
        let mode = row.mode.parse().map_err(|_| inconsistent("two_factor_policies", "mode", account_id))?;
        Ok(Self { account_id, mode, version: row.version, updated_at: row.updated_at.into() })
    }
}

/// Adds the policy of a new account.
pub fn insert(conn: &mut Conn, policy: &TwoFactorPolicy) -> Result<()> {
    let row = Row {
        account_id: policy.account_id.into(),
        mode: policy.mode.as_str().to_owned(),
        version: policy.version,
        updated_at: policy.updated_at.into(),
    };
    let asked_since = two_factor_policies::asked_since.eq(SqlTime::from(policy.updated_at));
    diesel::insert_into(two_factor_policies::table).values((row, asked_since)).execute(conn)?;
    Ok(())
}

/// The policy of this account.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<Option<TwoFactorPolicy>> {
    let row = two_factor_policies::table.find(SqlId::from(account)).select(Row::as_select()).first(conn).optional()?;
    row.map(TwoFactorPolicy::try_from).transpose()
}

/// Writes the mode if the policy is still at `version`; returns whether it was.
pub fn replace(conn: &mut Conn, account: AccountId, version: i64, mode: Mode, now: Time) -> Result<bool> {
    let changed = diesel::update(
        two_factor_policies::table.find(SqlId::from(account)).filter(two_factor_policies::version.eq(version)),
    )
    .set((
        two_factor_policies::mode.eq(mode.as_str()),
        two_factor_policies::version.eq(version.saturating_add(1)),
        two_factor_policies::updated_at.eq(SqlTime::from(now)),
    ))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Since when a second factor is required of users without an entry in `two_factor_due`; for a user created later,
/// since the creation.
pub fn asked_since(conn: &mut Conn, account: AccountId) -> Result<Option<Time>> {
    let columns = (two_factor_policies::asked_since, two_factor_policies::updated_at);
    let found = two_factor_policies::table.find(SqlId::from(account)).select(columns);
    let found = found.first::<(Option<SqlTime>, SqlTime)>(conn).optional()?;
    Ok(found.map(|(since, updated_at)| since.unwrap_or(updated_at).into()))
}

/// Sets the time that [`asked_since`] returns.
pub fn set_asked_since(conn: &mut Conn, account: AccountId, since: Time) -> Result<()> {
    diesel::update(two_factor_policies::table.find(SqlId::from(account)))
        .set(two_factor_policies::asked_since.eq(SqlTime::from(since)))
        .execute(conn)?;
    Ok(())
}
