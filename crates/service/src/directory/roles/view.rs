//! The view of a role that the API returns.

use kernel::{AccountId, RoleId, Time};
use permissions::PermissionSet;
use serde::{Deserialize, Serialize};
use store::{
    Conn,
    tables::directory::{role_permissions, roles::Role},
};

use crate::base::error::Result;

/// A role as the API returns it. Serializable so that a first reply can be stored for its idempotency key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RoleView {
    /// The id.
    pub id: RoleId,
    /// The account.
    pub account_id: AccountId,
    /// The display name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The permissions that it carries.
    pub permissions: Vec<String>,
    /// When it was created.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// Increases with every change; for `ETag`.
    pub version: i64,
}

/// The views of some roles.
pub(super) fn views_of(conn: &mut Conn, account: AccountId, roles: &[Role]) -> Result<Vec<RoleView>> {
    let ids: Vec<RoleId> = roles.iter().map(|role| role.id).collect();
    let carried = role_permissions::of_roles(conn, account, &ids)?;
    let nothing = PermissionSet::default();
    Ok(roles
        .iter()
        .map(|role| {
            let permissions = carried.get(&role.id).unwrap_or(&nothing);
            RoleView {
                id: role.id,
                account_id: role.account_id,
                name: role.name.clone(),
                description: role.description.clone(),
                permissions: permissions.iter().map(ToString::to_string).collect(),
                created_at: role.created_at,
                updated_at: role.updated_at,
                version: role.version,
            }
        })
        .collect())
}

/// The view of one role.
pub(super) fn view_one(conn: &mut Conn, role: &Role) -> Result<RoleView> {
    let views = views_of(conn, role.account_id, std::slice::from_ref(role))?;
    views.into_iter().next().ok_or_else(|| crate::base::error::Error::Internal("one role gave no view".to_owned()))
}
