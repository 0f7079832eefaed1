//! Unregisters an application's permission.

use permissions::{ApplicationPermission, PlatformAdministration};
use store::tables::{directory::application_permissions, policies::password_policy_permissions};

use crate::{
    authority::{acting::Acting, allowed::Allowed},
    base::{
        audit::{Action, permission_named},
        error::{Error, Result},
        service::Service,
    },
    policies::password_policies::history,
};

impl Service {
    /// Removes an application's permission from the catalog, and from all who hold it.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for built-in permissions.
    pub async fn unregister_permission(&self, by: &Allowed<PlatformAdministration>, name: &str) -> Result<()> {
        let name: ApplicationPermission = name.parse().map_err(|_| Error::NotFound)?;
        self.act_on_catalogue(by, move |Acting { tx, by, .. }, platform| {
            let reached = password_policy_permissions::accounts_with(tx.conn, name.as_str())?;
            if !application_permissions::delete(tx.conn, &name)? {
                return Err(Error::NotFound);
            }
            for account in reached {
                let most_remembered = history::most_remembered(tx.conn, account)?;
                history::trim_later(tx.conn, account, most_remembered, tx.now)?;
            }
            let unregistered = by.did(Action::PermissionUnregistered).on(permission_named(name.as_str()));
            tx.record(platform, unregistered);
            Ok(())
        })
        .await
    }
}
