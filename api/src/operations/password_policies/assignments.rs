//! The assignments of a policy, as an administrator writes them and as the API shows them.

use serde::{Deserialize, Serialize};
use service::{AssignmentsDraft, AssignmentsView};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// To whom a password policy is to be assigned.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicyAssignmentsDraft {
    /// Users. Ids that are no users of this account are refused by name.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 10000, examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    user_ids: Vec<String>,
    /// Roles: the policy applies to whoever has one of them. Ids that are no roles of this account are refused by name.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 100, examples(json!(["01997f61-3b0e-7d15-9c42-8a6f0d5e2b19"])))]
    #[validate(length(max = 100))]
    role_ids: Vec<String>,
    /// Permissions: the policy applies to whoever holds one of them.
    #[serde(default)]
    #[schema(max_items = 100, examples(json!(["user_permissions"])))]
    #[validate(length(max = 100))]
    permissions: Vec<String>,
    /// What is assigned to the user goes before what comes by roles, and that before what comes by permissions. Where several
    /// policies reach a user by roles, or by permissions, the smaller number goes first, then the policy's name.
    #[schema(minimum = 0, maximum = 1000, default = 100, nullable = false, examples(100))]
    priority: Option<i64>,
}

/// To whom a password policy is assigned.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyAssignments {
    /// Users, in the order of ids.
    #[schema(examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    user_ids: Vec<Uuid>,
    /// Roles, in the order of ids: the policy applies to whoever has one of them.
    #[schema(examples(json!(["01997f61-3b0e-7d15-9c42-8a6f0d5e2b19"])))]
    role_ids: Vec<Uuid>,
    /// Permissions: the policy applies to whoever holds one of them.
    #[schema(examples(json!(["user_permissions"])))]
    permissions: Vec<String>,
    /// Where several policies reach a user by roles, or by permissions, the smaller number goes first, then the policy's name.
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
