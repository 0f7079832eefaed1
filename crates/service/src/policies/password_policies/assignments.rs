//! To whom a policy is assigned.

use kernel::{AccountId, PasswordPolicyId, RoleId, UserId};
use store::{
    Conn,
    tables::policies::{password_policies, password_policy_permissions, password_policy_roles, password_policy_users},
};

use crate::base::error::{Error, Result};

/// Users to whom one policy can be assigned one by one. Larger groups have a role in common.
pub(super) const MAX_USERS: usize = 10_000;

/// To whom a policy is to be assigned, as an administrator writes it.
#[derive(Clone, Debug)]
pub struct AssignmentsDraft {
    /// Users.
    pub user_ids: Vec<String>,
    /// Roles: whoever has one.
    pub role_ids: Vec<String>,
    /// Permissions: whoever holds one.
    pub permissions: Vec<String>,
    /// Where several policies reach a user by roles, or by permissions, the smaller number goes first: 0 to 1,000. `None`:
    /// 100.
    pub priority: Option<i64>,
}

/// To whom a policy is assigned.
#[derive(Clone, Debug)]
pub struct AssignmentsView {
    /// Users, in the order of ids.
    pub user_ids: Vec<UserId>,
    /// Roles, in the order of ids.
    pub role_ids: Vec<RoleId>,
    /// Permissions, by name.
    pub permissions: Vec<String>,
    /// Where several policies reach a user by roles, or by permissions, the smaller number goes first.
    pub priority: u16,
    /// The policy's version, which grows with its assignments as well; for `ETag`.
    pub version: i64,
}

/// The assignments of a policy.
pub(super) fn assignments_of(conn: &mut Conn, account: AccountId, policy: PasswordPolicyId) -> Result<AssignmentsView> {
    let stored = password_policies::by_id(conn, account, policy)?.ok_or(Error::NotFound)?;
    let user_ids = password_policy_users::of_policy(conn, account, policy)?;
    let role_ids = password_policy_roles::of_policy(conn, account, policy)?;
    let by_permission = password_policy_permissions::of_account(conn, account)?;
    let mut permissions: Vec<_> =
        by_permission.into_iter().filter(|(of, _)| *of == policy).map(|(_, permission)| permission).collect();
    permissions.sort_unstable();
    Ok(AssignmentsView { user_ids, role_ids, permissions, priority: stored.priority, version: stored.version })
}
