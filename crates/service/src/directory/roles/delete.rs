//! Deletes a role.

use kernel::{AccountId, RoleId};
use store::tables::{
    directory::{accounts, role_permissions, roles},
    policies::password_policy_roles,
};

use super::reach::must_reach_holders;
use crate::{
    authority::acting::{Needs, must_reach, still_may},
    base::{
        audit::{Action, names_of},
        error::{Error, Holder, Result},
        model::Actor,
        service::Service,
    },
    directory::users::keep_one,
    policies::password_policies::history,
};
use permissions::Permission;

impl Service {
    /// Deletes the role; its holders lose what only it granted, and no password policy applies to anybody through it.
    /// `if_version`: the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`]; [`Error::OutOfReach`] for a role that carries what the caller could not grant, or
    /// one of whose holders holds that; [`Error::Conflict`] when nobody else in the account would hold a built-in
    /// permission.
    pub async fn delete_role(
        &self,
        actor: &Actor,
        account: AccountId,
        role: RoleId,
        if_version: Option<i64>,
    ) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
            accounts::lock(conn, account.id)?;
            let held = still_may(conn, &actor, Needs::In(account.id, Permission::UserPermissions), now)?;
            let role = roles::by_id(conn, account.id, role)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != role.version) {
                return Err(Error::PreconditionFailed);
            }
            let carried = role_permissions::of_role(conn, account.id, role.id)?;
            must_reach(&held, &carried, Holder::Role)?;
            must_reach_holders(conn, &role, &held)?;
            let most_remembered = history::most_remembered(conn, account.id)?;
            password_policy_roles::touch_policies_of(conn, account.id, role.id)?;
            keep_one(conn, &account, (&held, &carried), |conn| Ok(roles::delete(conn, account.id, role.id)?))?;
            history::trim_later(conn, account.id, most_remembered, now)?;
            let deleted = actor.did(Action::RoleDeleted).on(&role);
            audit.record(account.id, deleted.with_list("permissions", names_of(&carried)));
            Ok(())
        })
        .await
    }
}
