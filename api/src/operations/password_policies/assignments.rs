//! The assignments of a policy, as an administrator sends them and as the API shows them.

use serde::{Deserialize, Serialize};
use service::{AssignmentsDraft, AssignmentsView};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// The new assignments of a password policy.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicyAssignmentsDraft {
    /// The ids of users. Every id must belong to a user of this account; the error names each one that does not.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 10000, examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    user_ids: Vec<String>,
    /// The ids of roles. The policy applies to every user who has one of them. Every id must belong to a role of this
    /// account; the error names each one that does not.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 100, examples(json!(["01997f61-3b0e-7d15-9c42-8a6f0d5e2b19"])))]
    #[validate(length(max = 100))]
    role_ids: Vec<String>,
    /// The names of permissions. The policy applies to every user who holds one of them.
    #[serde(default)]
    #[schema(max_items = 100, examples(json!(["user_permissions"])))]
    #[validate(length(max = 100))]
    permissions: Vec<String>,
    /// The precedence among several policies that reach a user through roles, or through permissions: the smaller
    /// number comes first, then the policy's name. Assignments to the user come before those to roles, and those before
    /// assignments to permissions.
    #[schema(minimum = 0, maximum = 1000, default = 100, nullable = false, examples(100))]
    priority: Option<i64>,
}

/// The assignments of a password policy.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyAssignments {
    /// The ids of users, in ascending order.
    #[schema(examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    user_ids: Vec<Uuid>,
    /// The ids of roles, in ascending order. The policy applies to every user who has one of them.
    #[schema(examples(json!(["01997f61-3b0e-7d15-9c42-8a6f0d5e2b19"])))]
    role_ids: Vec<Uuid>,
    /// The names of permissions. The policy applies to every user who holds one of them.
    #[schema(examples(json!(["user_permissions"])))]
    permissions: Vec<String>,
    /// The precedence among several policies that reach a user through roles, or through permissions: the smaller
    /// number comes first, then the policy's name.
    #[schema(examples(100))]
    priority: u16,
}

impl From<PasswordPolicyAssignmentsDraft> for AssignmentsDraft {
    fn from(draft: PasswordPolicyAssignmentsDraft) -> Self {
        let PasswordPolicyAssignmentsDraft { user_ids, role_ids, permissions, priority } = draft;
        Self { user_ids, role_ids, permissions, priority }
    }
}

impl From<AssignmentsView> for PasswordPolicyAssignments {
    fn from(view: AssignmentsView) -> Self {
        let user_ids = view.user_ids.into_iter().map(kernel::UserId::as_uuid).collect();
        let role_ids = view.role_ids.into_iter().map(kernel::RoleId::as_uuid).collect();
        Self { user_ids, role_ids, permissions: view.permissions, priority: view.priority }
    }
}
