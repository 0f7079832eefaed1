//! Which password policies are assigned to roles.

use diesel::prelude::*;
use kernel::{AccountId, PasswordPolicyId, RoleId, UserId, entity};

use crate::{
    Conn, Result,
    schema::{password_policies, password_policy_roles, roles, user_roles},
    sql_types::SqlId,
};

#[derive(Insertable)]
#[diesel(table_name = password_policy_roles)]
#[expect(clippy::struct_field_names, reason = "they are the names of the columns")]
struct Row {
    account_id: SqlId<entity::Account>,
    policy_id: SqlId<entity::PasswordPolicy>,
    role_id: SqlId<entity::Role>,
}

/// A policy that reaches a user through a role.
#[derive(Clone, Debug)]
pub struct ReachedByRole {
    /// The user with the role.
    pub user: UserId,
    /// The policy.
    pub policy: PasswordPolicyId,
    /// The name of the role.
    pub role_name: String,
}

/// Assigns the policy to exactly these roles; they must be roles of the account, without duplicates.
pub fn replace(conn: &mut Conn, account: AccountId, policy: PasswordPolicyId, ids: &[RoleId]) -> Result<()> {
    let assigned = password_policy_roles::table
        .filter(password_policy_roles::account_id.eq(SqlId::from(account)))
        .filter(password_policy_roles::policy_id.eq(SqlId::from(policy)));
    diesel::delete(assigned).execute(conn)?;
    for id in ids {
        let row = Row { account_id: account.into(), policy_id: policy.into(), role_id: (*id).into() };
        diesel::insert_into(password_policy_roles::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// How many roles the policies of the account are assigned to; a role counts once per policy.
pub fn count(conn: &mut Conn, account: AccountId) -> Result<usize> {
    let roles = password_policy_roles::table.filter(password_policy_roles::account_id.eq(SqlId::from(account)));
    let count: i64 = roles.count().get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// The roles to which the policy is assigned, in the order of ids.
pub fn of_policy(conn: &mut Conn, account: AccountId, policy: PasswordPolicyId) -> Result<Vec<RoleId>> {
    let found = password_policy_roles::table
        .filter(password_policy_roles::account_id.eq(SqlId::from(account)))
        .filter(password_policy_roles::policy_id.eq(SqlId::from(policy)))
        .select(password_policy_roles::role_id)
        .order(password_policy_roles::role_id)
        .load::<SqlId<entity::Role>>(conn)?;
    Ok(found.into_iter().map(RoleId::from).collect())
}

/// The policies that reach any of these users through a role.
pub fn of_users(conn: &mut Conn, account: AccountId, ids: &[UserId]) -> Result<Vec<ReachedByRole>> {
    type Found = (SqlId<entity::User>, SqlId<entity::PasswordPolicy>, String);
    let assigned = password_policy_roles::account_id
        .eq(user_roles::account_id)
        .and(password_policy_roles::role_id.eq(user_roles::role_id));
    let role = roles::account_id.eq(user_roles::account_id).and(roles::id.eq(user_roles::role_id));
    let found = user_roles::table
        .inner_join(password_policy_roles::table.on(assigned))
        .inner_join(roles::table.on(role))
        .filter(user_roles::account_id.eq(SqlId::from(account)))
        .filter(user_roles::user_id.eq_any(ids.iter().map(|id| SqlId::from(*id))))
        .select((user_roles::user_id, password_policy_roles::policy_id, roles::name))
        .load::<Found>(conn)?;
    let reached =
        |(user, policy, role_name): Found| ReachedByRole { user: user.into(), policy: policy.into(), role_name };
    Ok(found.into_iter().map(reached).collect())
}

/// Counts a change of the policies that are assigned to this role, so that a caller who read their assignments must
/// read them again. The caller has locked the account.
pub fn touch_policies_of(conn: &mut Conn, account: AccountId, role: RoleId) -> Result<()> {
    let assigned = password_policy_roles::table
        .filter(password_policy_roles::account_id.eq(SqlId::from(account)))
        .filter(password_policy_roles::role_id.eq(SqlId::from(role)))
        .select(password_policy_roles::policy_id)
        .load::<SqlId<entity::PasswordPolicy>>(conn)?;
    let policies = password_policies::table
        .filter(password_policies::account_id.eq(SqlId::from(account)))
        .filter(password_policies::id.eq_any(assigned));
    diesel::update(policies).set(password_policies::version.eq(password_policies::version + 1)).execute(conn)?;
    Ok(())
}
