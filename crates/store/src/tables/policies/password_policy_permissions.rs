//! Which password policies are assigned to the holders of permissions.

use diesel::prelude::*;
use kernel::{AccountId, PasswordPolicyId, entity};

use crate::{Conn, Result, schema::password_policy_permissions, sql_types::SqlId};

#[derive(Insertable)]
#[diesel(table_name = password_policy_permissions)]
struct Row<'a> {
    account_id: SqlId<entity::Account>,
    policy_id: SqlId<entity::PasswordPolicy>,
    permission: &'a str,
}

/// Assigns the policy to the holders of exactly these permissions; without duplicates.
pub fn replace(conn: &mut Conn, account: AccountId, policy: PasswordPolicyId, permissions: &[&str]) -> Result<()> {
    let assigned = password_policy_permissions::table
        .filter(password_policy_permissions::account_id.eq(SqlId::from(account)))
        .filter(password_policy_permissions::policy_id.eq(SqlId::from(policy)));
    diesel::delete(assigned).execute(conn)?;
    for permission in permissions {
        let row = Row { account_id: account.into(), policy_id: policy.into(), permission };
        diesel::insert_into(password_policy_permissions::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// All such assignments of the account: the policy, and the name of the permission.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<(PasswordPolicyId, String)>> {
    let found = password_policy_permissions::table
        .filter(password_policy_permissions::account_id.eq(SqlId::from(account)))
        .select((password_policy_permissions::policy_id, password_policy_permissions::permission))
        .load::<(SqlId<entity::PasswordPolicy>, String)>(conn)?;
    Ok(found.into_iter().map(|(policy, permission)| (policy.into(), permission)).collect())
}

/// The accounts in which a policy is assigned to the holders of this permission.
pub fn accounts_with(conn: &mut Conn, permission: &str) -> Result<Vec<AccountId>> {
    let found = password_policy_permissions::table
        .filter(password_policy_permissions::permission.eq(permission))
        .select(password_policy_permissions::account_id)
        .distinct()
        .order(password_policy_permissions::account_id)
        .load::<SqlId<entity::Account>>(conn)?;
    Ok(found.into_iter().map(AccountId::from).collect())
}
