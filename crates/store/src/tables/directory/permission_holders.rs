//! Checks whether anyone in an account holds a permission. Runs with every change that might leave an account without
//! an administrator, so it starts from the permission's holders, however many users there are.

use diesel::{QueryableByName, sql_types::BigInt};
use kernel::{AccountId, RoleId};
use permissions::Permission;

use crate::tables::base::statement::{Dialect, Statement, Value};
use crate::{Conn, Result};

/// How a permission is held in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holding {
    /// No active user holds it.
    ByNobody,
    /// An active user holds it, but has not set a password yet.
    ByInvited,
    /// A user holds it who can sign in.
    BySomebody,
}

/// Whether an active user of the account holds the permission, with or without a password.
pub fn is_held(conn: &mut Conn, account: AccountId, permission: &Permission) -> Result<bool> {
    Ok(holding(conn, account, permission)? > Holding::ByNobody)
}

/// How the permission is held in the account.
pub fn holding(conn: &mut Conn, account: AccountId, permission: &Permission) -> Result<Holding> {
    for (holding, can_sign_in) in [(Holding::BySomebody, true), (Holding::ByInvited, false)] {
        for by_role in [false, true] {
            let statement = Statement::holder(Dialect::of(conn), account, permission, (by_role, can_sign_in));
            let found: Vec<Found> = statement.load(conn)?;
            if found.iter().any(|found| found.holders > 0) {
                return Ok(holding);
            }
        }
    }
    Ok(Holding::ByNobody)
}

/// Whether any user with this role holds the permission, disabled or not.
pub fn has_role(conn: &mut Conn, account: AccountId, permission: &Permission, role: RoleId) -> Result<bool> {
    for by_role in [false, true] {
        let found: Vec<Found> =
            Statement::holder_with_role(Dialect::of(conn), account, permission, by_role, role).load(conn)?;
        if found.iter().any(|found| found.holders > 0) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    holders: i64,
}

impl Statement {
    /// One active user who holds the permission, by a role or directly, and has a password or none.
    pub(crate) fn holder(
        dialect: Dialect,
        account: AccountId,
        permission: &Permission,
        (by_role, can_sign_in): (bool, bool),
    ) -> Self {
        let then = dialect.join_in_order();
        let (mut statement, holder) = Self::begin_with_holders(dialect, account, by_role);
        statement.push(&format!("{then} users u ON u.account_id = p.account_id AND u.id = {holder}.user_id"));
        statement.who_hold(permission);
        statement.push(" AND u.status = 'active' AND u.password_hash IS ");
        statement.push(if can_sign_in { "NOT NULL" } else { "NULL" });
        statement.push(" LIMIT 1) one");
        statement
    }

    /// One user who holds the permission, by a role or directly, and has the role `role`. Starts from the holders of
    /// the permission, who are few; the role may be everyone's.
    pub(crate) fn holder_with_role(
        dialect: Dialect,
        account: AccountId,
        permission: &Permission,
        by_role: bool,
        role: RoleId,
    ) -> Self {
        let then = dialect.join_in_order();
        let (mut statement, holder) = Self::begin_with_holders(dialect, account, by_role);
        statement.push(&format!(
            "{then} user_roles r ON r.account_id = p.account_id AND r.user_id = {holder}.user_id AND r.role_id = "
        ));
        statement.value(Value::Role(role));
        statement.who_hold(permission);
        statement.push(" LIMIT 1) one");
        statement
    }

    /// The beginning of a statement about the holders of permissions, and the name of the table that names them.
    fn begin_with_holders(dialect: Dialect, account: AccountId, by_role: bool) -> (Self, &'static str) {
        let then = dialect.join_in_order();
        let mut statement = Self::new(dialect, account, "SELECT count(*) AS holders FROM (SELECT 1 FROM ");
        if !by_role {
            statement.push("user_permissions p ");
            return (statement, "p");
        }
        statement.push(&format!(
            "role_permissions p {then} user_roles h ON h.account_id = p.account_id AND h.role_id = p.role_id "
        ));
        (statement, "h")
    }

    fn who_hold(&mut self, permission: &Permission) {
        self.push(" WHERE p.account_id = ");
        self.own_account();
        self.push(" AND p.permission = ");
        self.value(Value::Text(permission.as_str().to_owned()));
    }
}
