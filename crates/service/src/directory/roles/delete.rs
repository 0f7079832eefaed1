//! Deletes a role.

use kernel::RoleId;
use store::tables::{
    directory::{role_permissions, roles},
    policies::password_policy_roles,
};

use super::reach::must_reach_holders;
use crate::{
    authority::{
        acted_upon::must_reach,
        acting::{Acting, Lock},
        allowed::Allowed,
    },
    base::{
        audit::{Action, names_of},
        error::{Error, Holder, Result},
        service::Service,
    },
    directory::users::keep_one,
    policies::password_policies::history,
};
use permissions::UserPermissions;

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
        by: &Allowed<UserPermissions>,
        role: RoleId,
        if_version: Option<i64>,
    ) -> Result<()> {
        self.act(by, Lock::Account, move |Acting { tx, by, held }, account| {
            let role = roles::by_id(tx.conn, account.id, role)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != role.version) {
                return Err(Error::PreconditionFailed);
            }
            let carried = role_permissions::of_role(tx.conn, account.id, role.id)?;
            must_reach(held, &carried, Holder::Role)?;
            must_reach_holders(tx.conn, &role, held)?;
            let most_remembered = history::most_remembered(tx.conn, account.id)?;
            password_policy_roles::touch_policies_of(tx.conn, account.id, role.id)?;
            keep_one(tx.conn, account, (held, &carried), |conn| Ok(roles::delete(conn, account.id, role.id)?))?;
            history::trim_later(tx.conn, account.id, most_remembered, tx.now)?;
            let deleted = by.did(Action::RoleDeleted).on(&role);
            tx.record(account.id, deleted.with_list("permissions", names_of(&carried)));
            Ok(())
        })
        .await
    }
}
