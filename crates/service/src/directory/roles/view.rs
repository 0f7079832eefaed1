//! A role as the API returns it.

use std::collections::HashMap;

use kernel::{AccountId, RoleId, Time};
use permissions::PermissionSet;
use serde::{Deserialize, Serialize};
use store::{
    Conn,
    tables::directory::{role_permissions, roles::Role},
};
use utoipa::ToSchema;

use crate::base::{error::Result, model::Versioned};

/// A named set of permissions in an account.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Role)]
pub struct RoleView {
    /// The id.
    #[schema(value_type = String, format = Uuid, examples("01997f62-5b7e-7f43-9d1a-3f0c2b8a6e11"))]
    pub id: RoleId,
    /// The account that the role belongs to.
    #[schema(value_type = String, format = Uuid, examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    pub account_id: AccountId,
    /// Display name, unique in the account (case-insensitive).
    #[schema(examples("Support"))]
    pub name: String,
    /// What the role is for.
    #[schema(required = true, examples("Helps users who have lost their phone."))]
    pub description: Option<String>,
    /// The names of the permissions in the role. More permissions may be added.
    #[schema(examples(json!(["user_permissions"])))]
    pub permissions: Vec<String>,
    /// When the role was created.
    #[schema(value_type = String, format = DateTime, examples("2026-01-31T12:00:00Z"))]
    pub created_at: Time,
    /// When the role was last changed.
    #[schema(value_type = String, format = DateTime, examples("2026-01-31T12:00:00Z"))]
    pub updated_at: Time,
}

impl RoleView {
    fn new(role: Role, permissions: &PermissionSet) -> Self {
        Self {
            id: role.id,
            account_id: role.account_id,
            name: role.name,
            description: role.description,
            permissions: permissions.iter().map(ToString::to_string).collect(),
            created_at: role.created_at,
            updated_at: role.updated_at,
        }
    }
}

/// The views of some roles.
pub(super) fn views_of(conn: &mut Conn, account: AccountId, roles: Vec<Role>) -> Result<Vec<RoleView>> {
    let ids: Vec<RoleId> = roles.iter().map(|role| role.id).collect();
    let mut carried: HashMap<_, _> = role_permissions::of_roles(conn, account, &ids)?.into_iter().collect();
    let view = |role: Role| {
        let permissions = carried.remove(&role.id).unwrap_or_default();
        RoleView::new(role, &permissions)
    };
    Ok(roles.into_iter().map(view).collect())
}

/// The view of one role, with its version.
pub(super) fn view(conn: &mut Conn, role: Role) -> Result<Versioned<RoleView>> {
    let permissions = role_permissions::of_role(conn, role.account_id, role.id)?;
    Ok(Versioned { version: role.version, value: RoleView::new(role, &permissions) })
}
