//! The catalog of permissions that applications register.

use diesel::prelude::*;
use kernel::Time;
use permissions::{ApplicationPermission, Permission};

use crate::{
    Conn, Result, StoreError,
    schema::{
        api_key_permissions, application_permissions, password_policy_permissions, role_permissions, user_permissions,
    },
    sql_types::SqlTime,
    tables::inconsistent,
};

/// A permission that an application has registered.
#[derive(Clone, Debug)]
pub struct RegisteredPermission {
    /// Its name.
    pub name: ApplicationPermission,
    /// What it allows, in the application's words.
    pub description: String,
    /// When it was registered.
    pub created_at: Time,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = application_permissions)]
struct Row {
    name: String,
    description: String,
    created_at: SqlTime,
}

impl TryFrom<Row> for RegisteredPermission {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let name = row.name.parse().map_err(|_| inconsistent("application_permissions", "name", &row.name))?;
        Ok(Self { name, description: row.description, created_at: row.created_at.into() })
    }
}

/// Adds a permission; a unique violation if it is already registered.
pub fn insert(conn: &mut Conn, permission: &RegisteredPermission) -> Result<()> {
    let row = Row {
        name: permission.name.as_str().to_owned(),
        description: permission.description.clone(),
        created_at: permission.created_at.into(),
    };
    diesel::insert_into(application_permissions::table).values(row).execute(conn)?;
    Ok(())
}

/// All of them, by name.
pub fn all(conn: &mut Conn) -> Result<Vec<RegisteredPermission>> {
    let rows = application_permissions::table.select(Row::as_select()).load(conn)?;
    let mut all = rows.into_iter().map(RegisteredPermission::try_from).collect::<Result<Vec<_>>>()?;
    // By bytes, whatever collation the database sorts by.
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// How many there are.
pub fn count(conn: &mut Conn) -> Result<i64> {
    Ok(application_permissions::table.count().get_result(conn)?)
}

/// Returns which of these are registered. They stay registered until the transaction ends.
pub fn hold(conn: &mut Conn, names: &[&str]) -> Result<Vec<String>> {
    let mut registered = Vec::new();
    // In chunks, because a statement takes a limited number of parameters.
    for part in names.chunks(1_000) {
        let wanted = application_permissions::table
            .filter(application_permissions::name.eq_any(part.iter().copied()))
            .select(application_permissions::name);
        registered.extend(match conn {
            Conn::Sqlite(conn) => wanted.load::<String>(conn)?,
            Conn::Postgres(conn) => wanted.for_share().load(conn)?,
        });
    }
    Ok(registered)
}

/// Deletes the permission from the catalog, from everyone who holds it, and from password policies; returns whether it
/// existed.
pub fn delete(conn: &mut Conn, name: &ApplicationPermission) -> Result<bool> {
    // First the row that granting locks: a concurrent grant has finished, or comes too late.
    let deleted = diesel::delete(application_permissions::table.find(name.as_str())).execute(conn)?;
    diesel::delete(user_permissions::table.filter(user_permissions::permission.eq(name.as_str()))).execute(conn)?;
    diesel::delete(role_permissions::table.filter(role_permissions::permission.eq(name.as_str()))).execute(conn)?;
    diesel::delete(api_key_permissions::table.filter(api_key_permissions::permission.eq(name.as_str())))
        .execute(conn)?;
    let reached = password_policy_permissions::permission.eq(name.as_str());
    diesel::delete(password_policy_permissions::table.filter(reached)).execute(conn)?;
    Ok(deleted == 1)
}

/// The names of applications' permissions among these.
pub fn names_in<'a>(permissions: impl Iterator<Item = &'a Permission>) -> Vec<&'a str> {
    permissions.filter(|permission| matches!(permission, Permission::Application(_))).map(Permission::as_str).collect()
}
