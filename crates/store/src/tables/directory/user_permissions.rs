//! Which permissions each user holds: those granted directly, and those of the user's roles.
//!
//! Only this module defines what "held" means. `direct` marks what excludes roles.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use kernel::{AccountId, RoleId, Time, UserId, entity};
use permissions::{Permission, PermissionSet};

use crate::{
    Conn, Result,
    schema::{role_permissions, user_permissions, user_roles},
    sql_types::{SqlId, SqlTime},
    tables::{directory::role_permissions as carried, inconsistent},
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

/// The names of what this user holds, each once, however many roles carry it. A macro, because the derive behind `Conn`
/// cannot do unions: each connection runs the same query by itself, and every request with a token needs it in one
/// round trip.
macro_rules! held {
    ($conn:expr, $account:expr, $user:expr) => {{
        let direct = user_permissions::table
            .filter(user_permissions::account_id.eq($account))
            .filter(user_permissions::user_id.eq($user))
            .select(user_permissions::permission);
        let by_role = user_roles::table
            .inner_join(
                role_permissions::table.on(role_permissions::account_id
                    .eq(user_roles::account_id)
                    .and(role_permissions::role_id.eq(user_roles::role_id))),
            )
            .filter(user_roles::account_id.eq($account))
            .filter(user_roles::user_id.eq($user))
            .select(role_permissions::permission);
        direct.union(by_role).load::<String>($conn)?
    }};
}

/// What one user holds.
pub fn of_user(conn: &mut Conn, account: AccountId, user: UserId) -> Result<PermissionSet> {
    let (account_id, user_id): (SqlId<entity::Account>, SqlId<entity::User>) = (account.into(), user.into());
    let names = match conn {
        Conn::Sqlite(conn) => held!(conn, account_id, user_id),
        Conn::Postgres(conn) => held!(conn, account_id, user_id),
    };
    names.iter().map(|name| parse(name, user)).collect()
}

/// What each of these users holds; users who hold nothing are omitted. A role's permissions are read once, not for each
/// user who has it: two hundred users with a hundred roles of a hundred permissions would be two million rows.
pub fn of_users(conn: &mut Conn, account: AccountId, ids: &[UserId]) -> Result<HashMap<UserId, PermissionSet>> {
    let account_id: SqlId<entity::Account> = account.into();
    let ids: Vec<SqlId<entity::User>> = ids.iter().map(|id| SqlId::from(*id)).collect();
    let direct = user_permissions::table
        .filter(user_permissions::account_id.eq(account_id))
        .filter(user_permissions::user_id.eq_any(ids.iter().copied()))
        .select((user_permissions::user_id, user_permissions::permission))
        .load::<(SqlId<entity::User>, String)>(conn)?;
    let roles = user_roles::table
        .filter(user_roles::account_id.eq(account_id))
        .filter(user_roles::user_id.eq_any(ids))
        .select((user_roles::user_id, user_roles::role_id))
        .load::<(SqlId<entity::User>, SqlId<entity::Role>)>(conn)?;
    let mut names = Names::default();
    let mut held: HashMap<UserId, BTreeSet<usize>> = HashMap::new();
    for (user, name) in direct {
        let user = UserId::from(user);
        held.entry(user).or_default().insert(names.place(&name, || parse(&name, user))?);
    }
    let roles: Vec<(UserId, RoleId)> = roles.into_iter().map(|(user, role)| (user.into(), role.into())).collect();
    let distinct: BTreeSet<RoleId> = roles.iter().map(|(_, role)| *role).collect();
    let mut by_role: HashMap<RoleId, BTreeSet<usize>> = HashMap::new();
    for (role, name) in carried::names_of_roles(conn, account, &Vec::from_iter(distinct))? {
        let place = names.place(&name, || carried::parse(&name, role))?;
        by_role.entry(role).or_default().insert(place);
    }
    for (user, role) in roles {
        if let Some(places) = by_role.get(&role) {
            held.entry(user).or_default().extend(places);
        }
    }
    Ok(held.into_iter().map(|(user, places)| (user, names.at(&places))).collect())
}

/// Names that many rows repeat, each parsed once and identified by its place.
#[derive(Default)]
struct Names {
    all: Vec<Permission>,
    places: HashMap<String, usize>,
}

impl Names {
    /// The place of this name; `parse` reads it at its first occurrence.
    fn place(&mut self, name: &str, parse: impl FnOnce() -> Result<Permission>) -> Result<usize> {
        if let Some(place) = self.places.get(name) {
            return Ok(*place);
        }
        let place = self.all.len();
        self.all.push(parse()?);
        self.places.insert(name.to_owned(), place);
        Ok(place)
    }

    /// The permissions at these places.
    fn at(&self, places: &BTreeSet<usize>) -> PermissionSet {
        places.iter().filter_map(|place| self.all.get(*place)).cloned().collect()
    }
}

/// What was granted to the user directly.
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
        // SQLite runs in this process: one statement per row is cheap.
        Conn::Sqlite(conn) => {
            for grant in new {
                diesel::insert_into(user_permissions::table).values(row(grant)).execute(conn)?;
            }
        }
        // PostgreSQL statements take at most 65,535 parameters.
        Conn::Postgres(conn) => {
            for part in new.chunks(10_000) {
                let rows: Vec<Row> = part.iter().map(row).collect();
                diesel::insert_into(user_permissions::table).values(rows).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Revokes a permission that was granted to the user.
pub fn revoke(conn: &mut Conn, account: AccountId, user: UserId, permission: &Permission) -> Result<()> {
    diesel::delete(user_permissions::table.find((SqlId::from(account), SqlId::from(user), permission.as_str())))
        .execute(conn)?;
    Ok(())
}
