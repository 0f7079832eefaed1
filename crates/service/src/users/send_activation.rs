//! A new activation code.

use std::sync::Arc;

use kernel::{AccountId, UserId};
use permissions::may_grant;
use store::tables::user_permissions;

use crate::{
    Actor, Error, Permission, Result,
    acting::{ActedUpon, act_upon},
    activation::{IssuedActivation, issue_activation},
    service::Service,
};

impl Service {
    /// Hands out a new activation code for the user; older ones are void. Whoever gets it can become this user, so it is
    /// given only to somebody who holds all that the user holds.
    ///
    /// # Errors
    /// [`Error::PermissionRequired`] names what the caller lacks.
    pub async fn send_activation(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<IssuedActivation> {
        let (core, actor, now) = (Arc::clone(&self.core), actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let needs = Permission::UserPermissions;
            let ActedUpon { target, held_by_actor } = act_upon(conn, &actor, needs, account, user, now)?;
            let held = user_permissions::of_user(conn, account, user)?;
            if let Some(lacking) = held.iter().find(|permission| !may_grant(&held_by_actor, permission)) {
                return Err(Error::PermissionRequired(lacking.clone()));
            }
            issue_activation(conn, audit, &core, Some(&actor), &target, now)
        })
        .await
    }
}
