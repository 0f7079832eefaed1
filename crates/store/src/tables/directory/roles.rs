//! Roles: named sets of permissions of an account.

use diesel::prelude::*;
use kernel::{AccountId, RoleId, Time, entity};

use crate::{
    Conn, Result,
    schema::roles,
    sql_types::{SqlId, SqlTime},
};

/// A role, without its permissions.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = roles)]
pub struct Role {
    /// The account.
    #[diesel(serialize_as = SqlId<entity::Account>, deserialize_as = SqlId<entity::Account>)]
    pub account_id: AccountId,
    /// Its id.
    #[diesel(serialize_as = SqlId<entity::Role>, deserialize_as = SqlId<entity::Role>)]
    pub id: RoleId,
    /// The display name.
    pub name: String,
    /// The name as compared; unique in the account.
    pub name_key: String,
    /// What it is for.
    pub description: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// When it was created.
    #[diesel(serialize_as = SqlTime, deserialize_as = SqlTime)]
    pub created_at: Time,
    /// When it was last changed.
    #[diesel(serialize_as = SqlTime, deserialize_as = SqlTime)]
    pub updated_at: Time,
}

/// Adds a role; a unique violation if the name is taken.
pub fn insert(conn: &mut Conn, role: Role) -> Result<()> {
    diesel::insert_into(roles::table).values(role).execute(conn)?;
    Ok(())
}

/// The role with this id in this account.
pub fn by_id(conn: &mut Conn, account: AccountId, id: RoleId) -> Result<Option<Role>> {
    let role = roles::table.find((SqlId::from(account), SqlId::from(id)));
    Ok(role.select(Role::as_select()).first(conn).optional()?)
}

/// Those of these roles that exist.
pub fn by_ids(conn: &mut Conn, account: AccountId, ids: &[RoleId]) -> Result<Vec<Role>> {
    Ok(roles::table
        .filter(roles::account_id.eq(SqlId::from(account)))
        .filter(roles::id.eq_any(ids.iter().map(|id| SqlId::from(*id))))
        .order(roles::id)
        .select(Role::as_select())
        .load(conn)?)
}

/// How many roles the account has.
pub fn count(conn: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(roles::table.filter(roles::account_id.eq(SqlId::from(account))).count().get_result(conn)?)
}

/// Up to `limit` roles of the account that were created after the one with the id `after`, oldest first.
pub fn page(conn: &mut Conn, account: AccountId, after: Option<RoleId>, limit: i64) -> Result<Vec<Role>> {
    let mut query = roles::table
        .filter(roles::account_id.eq(SqlId::from(account)))
        .select(Role::as_select())
        .order(roles::id)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(roles::id.gt(SqlId::from(after)));
    }
    Ok(query.load(conn)?)
}

/// Writes name and description, and counts the change; a unique violation if the name is taken. The caller has locked
/// the account.
pub fn update(conn: &mut Conn, role: &Role, now: Time) -> Result<()> {
    diesel::update(roles::table.find((SqlId::from(role.account_id), SqlId::from(role.id))))
        .set((
            roles::name.eq(&role.name),
            roles::name_key.eq(&role.name_key),
            roles::description.eq(&role.description),
            roles::version.eq(roles::version + 1),
            roles::updated_at.eq(SqlTime::from(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes the role; users who had it lose it.
pub fn delete(conn: &mut Conn, account: AccountId, id: RoleId) -> Result<()> {
    diesel::delete(roles::table.find((SqlId::from(account), SqlId::from(id)))).execute(conn)?;
    Ok(())
}
