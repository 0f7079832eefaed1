//! Unregisters an application's permission.

use permissions::ApplicationPermission;
use store::tables::{
    directory::{accounts, application_permissions},
    policies::password_policy_permissions,
};

use crate::{
    authority::acting::{Needs, still_may},
    base::{
        audit::{Action, permission_named},
        error::{Error, Result},
        model::Actor,
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
    policies::password_policies::history,
};

impl Service {
    /// Removes an application's permission from the catalog, and from all who hold it. The caller is a platform
    /// administrator.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for built-in permissions.
    pub async fn unregister_permission(&self, actor: &Actor, name: &str) -> Result<()> {
        actor.allow_platform()?;
        let name: ApplicationPermission = name.parse().map_err(|_| Error::NotFound)?;
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let platform = accounts::by_slug(conn, PLATFORM_SLUG)?.ok_or(Error::NotFound)?;
            accounts::lock(conn, platform.id)?;
            still_may(conn, &actor, Needs::Platform, now)?;
            let reached = password_policy_permissions::accounts_with(conn, name.as_str())?;
            if !application_permissions::delete(conn, &name)? {
                return Err(Error::NotFound);
            }
            for account in reached {
                let most_remembered = history::most_remembered(conn, account)?;
                history::trim_later(conn, account, most_remembered, now)?;
            }
            let unregistered = actor.did(Action::PermissionUnregistered).on(permission_named(name.as_str()));
            audit.record(platform.id, unregistered);
            Ok(())
        })
        .await
    }
}
