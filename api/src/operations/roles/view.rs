//! A role as the API shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use service::RoleView;
use utoipa::ToSchema;
use uuid::Uuid;

/// A named set of permissions in an account.
#[derive(Serialize, ToSchema)]
pub struct Role {
    /// The id.
    #[schema(examples("01997f62-5b7e-7f43-9d1a-3f0c2b8a6e11"))]
    id: Uuid,
    /// The account that the role belongs to.
    #[schema(examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    account_id: Uuid,
    /// Display name, unique in the account (case-insensitive).
    #[schema(examples("Support"))]
    name: String,
    /// What the role is for.
    #[schema(required = true, examples("Helps users who have lost their phone."))]
    description: Option<String>,
    /// The names of the permissions in the role. More permissions may be added.
    #[schema(examples(json!(["user_permissions"])))]
    permissions: Vec<String>,
    /// When the role was created.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    created_at: DateTime<Utc>,
    /// When the role was last changed.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    updated_at: DateTime<Utc>,
}

impl From<RoleView> for Role {
    fn from(role: RoleView) -> Self {
        Self {
            id: role.id.as_uuid(),
            account_id: role.account_id.as_uuid(),
            name: role.name,
            description: role.description,
            permissions: role.permissions,
            created_at: role.created_at,
            updated_at: role.updated_at,
        }
    }
}

/// The roles of a user.
#[derive(Serialize, ToSchema)]
pub struct UserRoles {
    /// The ids of the roles.
    #[schema(examples(json!(["01997f62-5b7e-7f43-9d1a-3f0c2b8a6e11"])))]
    role_ids: Vec<Uuid>,
}

impl From<&service::UserRoles> for UserRoles {
    fn from(roles: &service::UserRoles) -> Self {
        Self { role_ids: roles.role_ids.iter().map(|id| id.as_uuid()).collect() }
    }
}
