//! Which roles each user has.

use diesel::prelude::*;
use kernel::{AccountId, RoleId, Time, UserId, entity};

use crate::{
    Conn, Result,
    schema::user_roles,
    sql_types::{SqlId, SqlTime},
};

#[derive(Insertable)]
#[diesel(table_name = user_roles)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    role_id: SqlId<entity::Role>,
    assigned_at: SqlTime,
}

/// The roles of one user, in the order of ids.
pub fn of_user(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Vec<RoleId>> {
    let found = user_roles::table
        .filter(user_roles::account_id.eq(SqlId::from(account)))
        .filter(user_roles::user_id.eq(SqlId::from(user)))
        .select(user_roles::role_id)
        .order(user_roles::role_id)
        .load::<SqlId<entity::Role>>(conn)?;
    Ok(found.into_iter().map(RoleId::from).collect())
}

/// Gives the user a role that the user does not have yet. The caller has locked the account.
pub fn assign(conn: &mut Conn, account: AccountId, user: UserId, role: RoleId, now: Time) -> Result<()> {
    let row = Row { account_id: account.into(), user_id: user.into(), role_id: role.into(), assigned_at: now.into() };
    diesel::insert_into(user_roles::table).values(row).execute(conn)?;
    Ok(())
}

/// Takes a role from the user. The caller has locked the account.
pub fn unassign(conn: &mut Conn, account: AccountId, user: UserId, role: RoleId) -> Result<()> {
    diesel::delete(user_roles::table.find((SqlId::from(account), SqlId::from(user), SqlId::from(role))))
        .execute(conn)?;
    Ok(())
}
