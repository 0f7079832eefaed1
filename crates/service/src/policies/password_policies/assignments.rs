//! The assignments of a policy.

use kernel::{AccountId, PasswordPolicyId, RoleId, UserId};
use serde::{Deserialize, Serialize};
use store::{
    Conn,
    tables::policies::{password_policies, password_policy_permissions, password_policy_roles, password_policy_users},
};
use utoipa::ToSchema;
use validator::Validate;

use crate::base::{
    error::{Error, Result},
    model::Versioned,
};

/// Users to whom one policy can be assigned directly. Use a role for larger groups.
pub(super) const MAX_USERS: usize = 10_000;

/// The new assignments of a password policy.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = PasswordPolicyAssignmentsDraft)]
pub struct AssignmentsDraft {
    /// The ids of users. Every id must belong to a user of this account; the error names each one that does not.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 10000, examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    pub user_ids: Vec<String>,
    /// The ids of roles. The policy applies to every user who has one of them. Every id must belong to a role of this
    /// account; the error names each one that does not.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 100, examples(json!(["01997f61-3b0e-7d15-9c42-8a6f0d5e2b19"])))]
    #[validate(length(max = 100))]
    pub role_ids: Vec<String>,
    /// The names of permissions. The policy applies to every user who holds one of them.
    #[serde(default)]
    #[schema(max_items = 100, examples(json!(["user_permissions"])))]
    #[validate(length(max = 100))]
    pub permissions: Vec<String>,
    /// The precedence among several policies that reach a user through roles, or through permissions: the smaller
    /// number comes first, then the policy's name. An assignment to the user wins over one to a role, and an assignment
    /// to a role wins over one to a permission. All policies of an account together can be assigned to at most 100
    /// roles and permissions (otherwise 409).
    #[schema(minimum = 0, maximum = 1000, default = 100, nullable = false, examples(100))]
    pub priority: Option<i64>,
}

/// The assignments of a password policy.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PasswordPolicyAssignments)]
pub struct AssignmentsView {
    /// The ids of users, in ascending order.
    #[schema(value_type = Vec<Uuid>, examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    pub user_ids: Vec<UserId>,
    /// The ids of roles, in ascending order. The policy applies to every user who has one of them.
    #[schema(value_type = Vec<Uuid>, examples(json!(["01997f61-3b0e-7d15-9c42-8a6f0d5e2b19"])))]
    pub role_ids: Vec<RoleId>,
    /// The names of permissions. The policy applies to every user who holds one of them.
    #[schema(examples(json!(["user_permissions"])))]
    pub permissions: Vec<String>,
    /// The precedence among several policies that reach a user through roles, or through permissions: the smaller
    /// number comes first, then the policy's name.
    #[schema(examples(100))]
    pub priority: u16,
}

/// The assignments of a policy, with its version, which also grows when its assignments change.
pub(super) fn assignments_of(
    conn: &mut Conn,
    account: AccountId,
    policy: PasswordPolicyId,
) -> Result<Versioned<AssignmentsView>> {
    let stored = password_policies::by_id(conn, account, policy)?.ok_or(Error::NotFound)?;
    let user_ids = password_policy_users::of_policy(conn, account, policy)?;
    let role_ids = password_policy_roles::of_policy(conn, account, policy)?;
    let by_permission = password_policy_permissions::of_account(conn, account)?;
    let mut permissions: Vec<_> =
        by_permission.into_iter().filter(|(of, _)| *of == policy).map(|(_, permission)| permission).collect();
    permissions.sort_unstable();
    let value = AssignmentsView { user_ids, role_ids, permissions, priority: stored.priority };
    Ok(Versioned { version: stored.version, value })
}
