//! The assignments of a policy.

use kernel::{AccountId, PasswordPolicyId, RoleId, UserId};
use store::{
    Conn,
    tables::policies::{password_policies, password_policy_permissions, password_policy_roles, password_policy_users},
};

use crate::base::error::{Error, Result};

/// Users to whom one policy can be assigned directly. Use a role for larger groups.
pub(super) const MAX_USERS: usize = 10_000;

/// The assignments that an administrator requests for a policy.
#[derive(Clone, Debug)]
pub struct AssignmentsDraft {
    /// Users.
    pub user_ids: Vec<String>,
    /// Roles: the policy applies to everybody who has one.
    pub role_ids: Vec<String>,
    /// Permissions: the policy applies to everybody who holds one.
    pub permissions: Vec<String>,
    /// When several policies reach a user by roles, or by permissions, the one with the smaller number takes
    /// precedence: 0 to 1,000. `None`: 100.
    pub priority: Option<i64>,
}

/// The assignments of a policy.
#[derive(Clone, Debug)]
pub struct AssignmentsView {
    /// Users, in the order of ids.
    pub user_ids: Vec<UserId>,
    /// Roles, in the order of ids.
    pub role_ids: Vec<RoleId>,
    /// Permissions, by name.
    pub permissions: Vec<String>,
    /// When several policies reach a user by roles, or by permissions, the one with the smaller number takes
    /// precedence.
    pub priority: u16,
    /// The policy's version, which also grows when its assignments change; for `ETag`.
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
