//! The permissions of each role.

use std::collections::HashMap;

use diesel::prelude::*;
use kernel::{AccountId, RoleId, entity};
use permissions::{Permission, PermissionSet};

use crate::{Conn, Result, schema::role_permissions, sql_types::SqlId, tables::inconsistent};

#[derive(Insertable)]
#[diesel(table_name = role_permissions)]
struct Row {
    account_id: SqlId<entity::Account>,
    role_id: SqlId<entity::Role>,
    permission: String,
}

/// Reads the name of a permission of this role.
pub(in crate::tables) fn parse(name: &str, role: RoleId) -> Result<Permission> {
    name.parse().map_err(|_| inconsistent("role_permissions", "permission", role))
}

/// The names of the permissions of each of these roles.
pub(in crate::tables) fn names_of_roles(
    conn: &mut Conn,
    account: AccountId,
    ids: &[RoleId],
) -> Result<Vec<(RoleId, String)>> {
    let found = role_permissions::table
        .filter(role_permissions::account_id.eq(SqlId::from(account)))
        .filter(role_permissions::role_id.eq_any(ids.iter().map(|id| SqlId::from(*id))))
        .select((role_permissions::role_id, role_permissions::permission))
        .load::<(SqlId<entity::Role>, String)>(conn)?;
    Ok(found.into_iter().map(|(role, name)| (role.into(), name)).collect())
}

/// The permissions of each of these roles; roles without any are omitted.
pub fn of_roles(conn: &mut Conn, account: AccountId, ids: &[RoleId]) -> Result<HashMap<RoleId, PermissionSet>> {
    let mut carried: HashMap<RoleId, Vec<Permission>> = HashMap::new();
    for (role, name) in names_of_roles(conn, account, ids)? {
        carried.entry(role).or_default().push(parse(&name, role)?);
    }
    Ok(carried.into_iter().map(|(role, list)| (role, list.into_iter().collect())).collect())
}

/// The permissions of these roles together.
pub fn of_any(conn: &mut Conn, account: AccountId, ids: &[RoleId]) -> Result<PermissionSet> {
    let Some(first) = ids.first() else { return Ok(PermissionSet::default()) };
    let names = role_permissions::table
        .filter(role_permissions::account_id.eq(SqlId::from(account)))
        .filter(role_permissions::role_id.eq_any(ids.iter().map(|id| SqlId::from(*id))))
        .select(role_permissions::permission)
        .distinct()
        .load::<String>(conn)?;
    names.iter().map(|name| parse(name, *first)).collect()
}

/// The permissions of one role.
pub fn of_role(conn: &mut Conn, account: AccountId, role: RoleId) -> Result<PermissionSet> {
    Ok(of_roles(conn, account, &[role])?.remove(&role).unwrap_or_default())
}

/// Adds a permission that the role does not have yet.
pub fn add(conn: &mut Conn, account: AccountId, role: RoleId, permission: &Permission) -> Result<()> {
    let row = Row { account_id: account.into(), role_id: role.into(), permission: permission.as_str().to_owned() };
    diesel::insert_into(role_permissions::table).values(row).execute(conn)?;
    Ok(())
}

/// Takes a permission out of the role.
pub fn remove(conn: &mut Conn, account: AccountId, role: RoleId, permission: &Permission) -> Result<()> {
    diesel::delete(role_permissions::table.find((SqlId::from(account), SqlId::from(role), permission.as_str())))
        .execute(conn)?;
    Ok(())
}
