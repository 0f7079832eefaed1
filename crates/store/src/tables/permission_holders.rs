//! Whether anybody in an account holds a permission. It is asked with every change that might leave an account without an
//! administrator, so that it begins with those who hold it, however many users there are.

use diesel::{QueryableByName, sql_types::BigInt};
use kernel::AccountId;
use permissions::Permission;

use super::statement::{Dialect, Statement, Value};
use crate::{Conn, Result};

/// How well a permission is held in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holding {
    /// Nobody active holds it.
    ByNobody,
    /// Somebody active holds it who has not set a password yet.
    ByInvited,
    /// Somebody holds it who can sign in.
    BySomebody,
}

/// Whether an active user of the account holds the permission, with a password or not yet.
pub fn is_held(conn: &mut Conn, account: AccountId, permission: &Permission) -> Result<bool> {
    Ok(holding(conn, account, permission)? > Holding::ByNobody)
}

/// How well the permission is held in the account.
pub fn holding(conn: &mut Conn, account: AccountId, permission: &Permission) -> Result<Holding> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        holders: i64,
    }
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

impl Statement {
    /// One active user who holds the permission, by a role or directly, and has a password or none.
    pub(crate) fn holder(
        dialect: Dialect,
        account: AccountId,
        permission: &Permission,
        (by_role, can_sign_in): (bool, bool),
    ) -> Self {
        let then = dialect.join_in_order();
        let mut statement = Self::new(dialect, account, "SELECT count(*) AS holders FROM (SELECT 1 FROM ");
        if by_role {
            statement.push("role_permissions p ");
            statement.push(then);
            statement.push(" user_roles h ON h.account_id = p.account_id AND h.role_id = p.role_id ");
        } else {
            statement.push("user_permissions p ");
        }
        let holder = if by_role { "h" } else { "p" };
        statement.push(&format!("{then} users u ON u.account_id = p.account_id AND u.id = {holder}.user_id"));
        statement.push(" WHERE p.account_id = ");
        statement.own_account();
        statement.push(" AND p.permission = ");
        statement.value(Value::Text(permission.as_str().to_owned()));
        statement.push(" AND u.status = 'active' AND u.password_hash IS ");
        statement.push(if can_sign_in { "NOT NULL" } else { "NULL" });
        statement.push(" LIMIT 1) one");
        statement
    }
}
