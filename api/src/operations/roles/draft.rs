//! A role as a client sends it.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// The name, description and permissions of a role.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RoleDraft {
    /// Display name, unique in the account (case-insensitive).
    #[schema(min_length = 1, max_length = 100, examples("Support"))]
    name: String,
    /// What the role is for.
    #[schema(min_length = 1, max_length = 500, examples("Helps users who have lost their phone."))]
    description: Option<String>,
    /// The names of the permissions in the role (`GET /v1/permissions` lists them). You can add only built-in
    /// permissions that you hold yourself, and permissions that applications have registered.
    #[schema(max_items = 200, examples(json!(["user_permissions"])))]
    #[validate(length(max = 200))]
    permissions: Vec<String>,
}

impl From<RoleDraft> for service::RoleDraft {
    fn from(draft: RoleDraft) -> Self {
        Self { name: draft.name, description: draft.description, permissions: draft.permissions }
    }
}
