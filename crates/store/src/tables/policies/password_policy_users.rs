//! Which password policies are assigned to users.

use diesel::prelude::*;
use kernel::{AccountId, PasswordPolicyId, UserId, entity};

use crate::{Conn, Result, schema::password_policy_users, sql_types::SqlId};

#[derive(Insertable, Clone, Copy)]
#[diesel(table_name = password_policy_users)]
#[expect(clippy::struct_field_names, reason = "they are the names of the columns")]
struct Row {
    account_id: SqlId<entity::Account>,
    policy_id: SqlId<entity::PasswordPolicy>,
    user_id: SqlId<entity::User>,
}

/// Assigns the policy to exactly these users; they must be users of the account, without duplicates.
pub fn replace(conn: &mut Conn, account: AccountId, policy: PasswordPolicyId, ids: &[UserId]) -> Result<()> {
    let assigned = password_policy_users::table
        .filter(password_policy_users::account_id.eq(SqlId::from(account)))
        .filter(password_policy_users::policy_id.eq(SqlId::from(policy)));
    diesel::delete(assigned).execute(conn)?;
    let row = |id: &UserId| Row { account_id: account.into(), policy_id: policy.into(), user_id: (*id).into() };
    match conn {
        // SQLite runs in this process: one statement per row is cheap.
        Conn::Sqlite(conn) => {
            for id in ids {
                diesel::insert_into(password_policy_users::table).values(row(id)).execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            // A statement takes a limited number of parameters.
            for ids in ids.chunks(10_000) {
                let rows: Vec<Row> = ids.iter().map(row).collect();
                diesel::insert_into(password_policy_users::table).values(rows).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// The users to whom the policy is assigned, in the order of ids.
pub fn of_policy(conn: &mut Conn, account: AccountId, policy: PasswordPolicyId) -> Result<Vec<UserId>> {
    let found = password_policy_users::table
        .filter(password_policy_users::account_id.eq(SqlId::from(account)))
        .filter(password_policy_users::policy_id.eq(SqlId::from(policy)))
        .select(password_policy_users::user_id)
        .order(password_policy_users::user_id)
        .load::<SqlId<entity::User>>(conn)?;
    Ok(found.into_iter().map(UserId::from).collect())
}

/// The policies that are assigned to any of these users, each with the user.
pub fn of_users(conn: &mut Conn, account: AccountId, ids: &[UserId]) -> Result<Vec<(UserId, PasswordPolicyId)>> {
    let found = password_policy_users::table
        .filter(password_policy_users::account_id.eq(SqlId::from(account)))
        .filter(password_policy_users::user_id.eq_any(ids.iter().map(|id| SqlId::from(*id))))
        .select((password_policy_users::user_id, password_policy_users::policy_id))
        .load::<(SqlId<entity::User>, SqlId<entity::PasswordPolicy>)>(conn)?;
    Ok(found.into_iter().map(|(user, policy)| (user.into(), policy.into())).collect())
}

/// Whether the policy is assigned to any user.
pub fn is_assigned(conn: &mut Conn, account: AccountId, policy: PasswordPolicyId) -> Result<bool> {
    let assigned = password_policy_users::table
        .filter(password_policy_users::account_id.eq(SqlId::from(account)))
        .filter(password_policy_users::policy_id.eq(SqlId::from(policy)))
        .select(password_policy_users::user_id);
    Ok(assigned.first::<SqlId<entity::User>>(conn).optional()?.is_some())
}
