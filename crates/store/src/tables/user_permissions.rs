//! Which permissions each user holds.

use std::collections::HashMap;

use diesel::prelude::*;
use kernel::{AccountId, Time, UserId, entity};
use permissions::{Permission, PermissionSet};

use crate::{
    Conn, Result,
    schema::{user_permissions, users},
    sql_types::{SqlId, SqlTime},
    tables::{inconsistent, users::Status},
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

/// What one user holds.
pub fn of_user(conn: &mut Conn, account: AccountId, user: UserId) -> Result<PermissionSet> {
    let names = user_permissions::table
        .filter(user_permissions::account_id.eq(SqlId::from(account)))
        .filter(user_permissions::user_id.eq(SqlId::from(user)))
        .select(user_permissions::permission)
        .load::<String>(conn)?;
    names.iter().map(|name| parse(name, user)).collect()
}

/// What each of these users holds; who holds nothing is left out.
pub fn of_users(conn: &mut Conn, account: AccountId, ids: &[UserId]) -> Result<HashMap<UserId, PermissionSet>> {
    let found = user_permissions::table
        .filter(user_permissions::account_id.eq(SqlId::from(account)))
        .filter(user_permissions::user_id.eq_any(ids.iter().map(|id| SqlId::from(*id))))
        .select((user_permissions::user_id, user_permissions::permission))
        .load::<(SqlId<entity::User>, String)>(conn)?;
    let mut held: HashMap<UserId, Vec<Permission>> = HashMap::new();
    for (user, name) in found {
        let user = UserId::from(user);
        held.entry(user).or_default().push(parse(&name, user)?);
    }
    Ok(held.into_iter().map(|(user, list)| (user, list.into_iter().collect())).collect())
}

/// Adds a permission that the user does not hold yet.
pub fn grant(conn: &mut Conn, account: AccountId, user: UserId, permission: Permission, now: Time) -> Result<()> {
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

/// Takes a permission away.
pub fn revoke(conn: &mut Conn, account: AccountId, user: UserId, permission: Permission) -> Result<()> {
    diesel::delete(user_permissions::table.find((SqlId::from(account), SqlId::from(user), permission.as_str())))
        .execute(conn)?;
    Ok(())
}

/// Whether another user of the account holds the permission and can sign in: is active and has a password.
pub fn is_held_by_another(conn: &mut Conn, account: AccountId, user: UserId, permission: Permission) -> Result<bool> {
    let holder = user_permissions::account_id.eq(users::account_id).and(user_permissions::user_id.eq(users::id));
    let found = users::table
        .inner_join(user_permissions::table.on(holder))
        .filter(users::account_id.eq(SqlId::from(account)))
        .filter(users::id.ne(SqlId::from(user)))
        .filter(users::status.eq(Status::Active.as_str()))
        .filter(users::password_hash.is_not_null())
        .filter(user_permissions::permission.eq(permission.as_str()))
        .select(users::id)
        .first::<SqlId<entity::User>>(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Whether an active user of the account holds the permission, with a password or not yet.
pub fn is_held(conn: &mut Conn, account: AccountId, permission: Permission) -> Result<bool> {
    let holder = user_permissions::account_id.eq(users::account_id).and(user_permissions::user_id.eq(users::id));
    let found = users::table
        .inner_join(user_permissions::table.on(holder))
        .filter(users::account_id.eq(SqlId::from(account)))
        .filter(users::status.eq(Status::Active.as_str()))
        .filter(user_permissions::permission.eq(permission.as_str()))
        .select(users::id)
        .first::<SqlId<entity::User>>(conn)
        .optional()?;
    Ok(found.is_some())
}
