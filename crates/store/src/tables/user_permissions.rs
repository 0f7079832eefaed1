//! Which permissions each user holds: those granted to the user, and those that the user's roles carry.
//!
//! This is the one place that knows what "held" means. `direct` is said where a role does not count.

use std::collections::HashMap;

use diesel::prelude::*;
use kernel::{AccountId, Time, UserId, entity};
use permissions::{Permission, PermissionSet};

use crate::{
    Conn, Result,
    schema::{role_permissions, user_permissions, user_roles},
    sql_types::{SqlId, SqlTime},
    tables::inconsistent,
};

#[derive(Insertable)]
#[diesel(table_name = user_permissions)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    permission: String,
    granted_at: SqlTime,
}

fn parse(name: &str, user: UserId) -> Result<Permission> {
    name.parse().map_err(|_| inconsistent("user_permissions", "permission", user))
}

/// The rows `(user, permission)` of what these users hold, however they do. A macro, because the derive behind `Conn`
/// cannot do unions: each connection runs the same query by itself, and every request with a token needs it in one trip.
macro_rules! held {
    ($conn:expr, $account:expr, $ids:expr, $row:ty) => {{
        let direct = user_permissions::table
            .filter(user_permissions::account_id.eq($account))
            .filter(user_permissions::user_id.eq_any($ids))
            .select((user_permissions::user_id, user_permissions::permission));
        let by_role = user_roles::table
            .inner_join(
                role_permissions::table.on(role_permissions::account_id
                    .eq(user_roles::account_id)
                    .and(role_permissions::role_id.eq(user_roles::role_id))),
            )
            .filter(user_roles::account_id.eq($account))
            .filter(user_roles::user_id.eq_any($ids))
            .select((user_roles::user_id, role_permissions::permission));
        direct.union_all(by_role).load::<$row>($conn)?
    }};
}

/// What one user holds.
pub fn of_user(conn: &mut Conn, account: AccountId, user: UserId) -> Result<PermissionSet> {
    Ok(of_users(conn, account, &[user])?.remove(&user).unwrap_or_default())
}

/// What each of these users holds; who holds nothing is left out.
pub fn of_users(conn: &mut Conn, account: AccountId, ids: &[UserId]) -> Result<HashMap<UserId, PermissionSet>> {
    let (account, ids): (_, Vec<_>) = (SqlId::from(account), ids.iter().map(|id| SqlId::from(*id)).collect());
    let found: Vec<(SqlId<entity::User>, String)> = match conn {
        Conn::Sqlite(conn) => held!(conn, account, ids.clone(), (SqlId<entity::User>, String)),
        Conn::Postgres(conn) => held!(conn, account, ids.clone(), (SqlId<entity::User>, String)),
    };
    let mut held: HashMap<UserId, Vec<Permission>> = HashMap::new();
    for (user, name) in found {
        let user = UserId::from(user);
        held.entry(user).or_default().push(parse(&name, user)?);
    }
    Ok(held.into_iter().map(|(user, list)| (user, list.into_iter().collect())).collect())
}

/// What was granted to the user without a role.
pub fn direct_of_user(conn: &mut Conn, account: AccountId, user: UserId) -> Result<PermissionSet> {
    let names = user_permissions::table
        .filter(user_permissions::account_id.eq(SqlId::from(account)))
        .filter(user_permissions::user_id.eq(SqlId::from(user)))
        .select(user_permissions::permission)
        .load::<String>(conn)?;
    names.iter().map(|name| parse(name, user)).collect()
}

/// Adds a permission that was not granted to the user yet.
pub fn grant(conn: &mut Conn, account: AccountId, user: UserId, permission: &Permission, now: Time) -> Result<()> {
    let row = Row {
        account_id: account.into(),
        user_id: user.into(),
        permission: permission.as_str().to_owned(),
        granted_at: now.into(),
    };
    diesel::insert_into(user_permissions::table).values(row).execute(conn)?;
    Ok(())
}

/// Adds permissions that these users do not hold yet.
pub fn grant_many(conn: &mut Conn, account: AccountId, new: &[(UserId, Permission)], now: Time) -> Result<()> {
    let row = |(user, permission): &(UserId, Permission)| Row {
        account_id: account.into(),
        user_id: (*user).into(),
        permission: permission.as_str().to_owned(),
        granted_at: now.into(),
    };
    match conn {
        // In the same process a statement for each row costs next to nothing.
        Conn::Sqlite(conn) => {
            for grant in new {
                diesel::insert_into(user_permissions::table).values(row(grant)).execute(conn)?;
            }
        }
        // Its statements take at most 65,535 parameters.
        Conn::Postgres(conn) => {
            for part in new.chunks(10_000) {
                let rows: Vec<Row> = part.iter().map(row).collect();
                diesel::insert_into(user_permissions::table).values(rows).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Takes back a permission that was granted to the user.
pub fn revoke(conn: &mut Conn, account: AccountId, user: UserId, permission: &Permission) -> Result<()> {
    diesel::delete(user_permissions::table.find((SqlId::from(account), SqlId::from(user), permission.as_str())))
        .execute(conn)?;
    Ok(())
}
