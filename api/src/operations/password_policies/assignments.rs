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
    /// Permissions: the policy applies to whoever holds one of them.
    #[serde(default)]
    #[schema(max_items = 100, examples(json!(["user_permissions"])))]
    #[validate(length(max = 100))]
    permissions: Vec<String>,
    /// Where several policies reach a user by permissions, the smaller number goes first, then the name. What is assigned to
    /// the user goes before all of them.
    #[schema(minimum = 0, maximum = 1000, default = 100, nullable = false, examples(100))]
    priority: Option<i64>,
}

/// To whom a password policy is assigned.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyAssignments {
    /// Users, in the order of ids.
    #[schema(examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    user_ids: Vec<Uuid>,
    /// Permissions: the policy applies to whoever holds one of them.
    #[schema(examples(json!(["user_permissions"])))]
    permissions: Vec<String>,
    /// Where several policies reach a user by permissions, the smaller number goes first, then the name.
    #[schema(examples(100))]
    priority: u16,
}

impl From<PasswordPolicyAssignmentsDraft> for AssignmentsDraft {
    fn from(draft: PasswordPolicyAssignmentsDraft) -> Self {
        Self { user_ids: draft.user_ids, permissions: draft.permissions, priority: draft.priority }
    }
}

impl From<AssignmentsView> for PasswordPolicyAssignments {
    fn from(view: AssignmentsView) -> Self {
        let user_ids = view.user_ids.into_iter().map(kernel::UserId::as_uuid).collect();
        Self { user_ids, permissions: view.permissions, priority: view.priority }
    }
}
