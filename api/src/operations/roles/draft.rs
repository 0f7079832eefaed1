//! A role as a client describes it.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// What a role is to be.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RoleDraft {
    /// The name for people, unique in the account without regard to case.
    #[schema(min_length = 1, max_length = 100, examples("Support"))]
    name: String,
    /// What it is for.
    #[schema(min_length = 1, max_length = 500, examples("Helps users who have lost their phone."))]
    description: Option<String>,
    /// What it is to carry, by name (`GET /v1/permissions` lists them). You can put in only what you hold yourself, and
    /// what applications have registered.
    #[schema(max_items = 200, examples(json!(["user_permissions"])))]
    #[validate(length(max = 200))]
    permissions: Vec<String>,
}

impl From<RoleDraft> for service::RoleDraft {
    fn from(draft: RoleDraft) -> Self {
        Self { name: draft.name, description: draft.description, permissions: draft.permissions }
    }
}
