//! Lists the permissions that can be granted.

use kernel::Time;
use permissions::Permission;
use store::tables::directory::application_permissions;

use crate::base::{error::Result, service::Service};

/// A permission that can be granted.
#[derive(Clone, Debug)]
pub struct CataloguedPermission {
    /// Its name.
    pub permission: Permission,
    /// A description of what it allows.
    pub description: String,
    /// When an application registered it; `None`: it is built in.
    pub registered_at: Option<Time>,
}

impl Service {
    /// All permissions: built-in ones first, then those of applications, by name.
    pub async fn list_permissions(&self) -> Result<Vec<CataloguedPermission>> {
        let registered = self.store.read(application_permissions::all).await?;
        let ours = Permission::OURS.into_iter().map(|permission| CataloguedPermission {
            description: permission.description().unwrap_or_default().to_owned(),
            permission,
            registered_at: None,
        });
        let theirs = registered.into_iter().map(|registered| CataloguedPermission {
            permission: Permission::Application(registered.name),
            description: registered.description,
            registered_at: Some(registered.created_at),
        });
        Ok(ours.chain(theirs).collect())
    }
}
