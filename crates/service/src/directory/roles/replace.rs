//! Replaces a role's name, description and permissions.

use kernel::RoleId;
use permissions::change;
use store::tables::directory::{role_permissions, roles};

use super::{RoleDraft, RoleView, draft::name_taken, reach::must_reach_holders, view::view};
use crate::{
    authority::{
        registered::must_be_registered,
        {
            acted_upon::must_reach,
            acting::{Acting, Lock},
            allowed::Allowed,
        },
    },
    base::{
        audit::{Action, names_of},
        error::{Error, Holder, Result},
        model::Versioned,
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
    directory::users::{keep_one, refuse_known_secrets_in_role},
    policies::password_policies::history,
};
use permissions::UserPermissions;

impl Service {
    /// Replaces the role's name, description and permissions with `draft`, for all who have it: at our own endpoints at
    /// once, and in access tokens from the next refresh on. `if_version`: the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`], [`Error::PreconditionFailed`]; [`Error::GrantRefused`]: callers cannot add to a role what
    /// they do not hold; [`Error::OutOfReach`] for a role that carries what the caller could not grant, or when the
    /// change would affect a holder who holds that; [`Error::Conflict`] when the name is taken, nobody else in the
    /// account would hold a built-in permission, or somebody else may know the password or the second factor of a user
    /// who has the role.
    pub async fn replace_role(
        &self,
        by: &Allowed<UserPermissions>,
        role: RoleId,
        draft: &RoleDraft,
        if_version: Option<i64>,
    ) -> Result<Versioned<RoleView>> {
        let draft = draft.parse()?;
        self.act(by, Lock::Account, move |Acting { tx, by, held }, account| {
            let mut role = roles::by_id(tx.conn, account.id, role)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != role.version) {
                return Err(Error::PreconditionFailed);
            }
            let current = role_permissions::of_role(tx.conn, account.id, role.id)?;
            must_reach(held, &current, Holder::Role)?;
            let change = change(held, &current, &draft.permissions, account.slug == PLATFORM_SLUG)?;
            let same = (&role.name, &role.description) == (&draft.name, &draft.description);
            if same && change.granted.is_empty() && change.revoked.is_empty() {
                return view(tx.conn, role);
            }
            if !change.granted.is_empty() || !change.revoked.is_empty() {
                must_reach_holders(tx.conn, &role, held)?;
            }
            must_be_registered(tx.conn, &change.granted)?;
            refuse_known_secrets_in_role(tx.conn, account.id, role.id, &change.granted, tx.now)?;
            let most_remembered = history::most_remembered(tx.conn, account.id)?;
            let changed = by.did(Action::RoleChanged).on(&role);
            let changed = changed.with_change("name", role.name.as_str(), draft.name.as_str());
            let changed = changed.with("description_changed", role.description != draft.description);
            let changed = changed.with_list("granted", names_of(&change.granted));
            tx.record(account.id, changed.with_list("revoked", names_of(&change.revoked)));
            role.name.clone_from(&draft.name);
            role.name_key.clone_from(&draft.name_key);
            role.description.clone_from(&draft.description);
            let now = tx.now;
            keep_one(tx.conn, account, (held, &change.revoked), |conn| {
                roles::update(conn, &role, now).map_err(name_taken)?;
                for permission in change.granted.iter() {
                    role_permissions::add(conn, account.id, role.id, permission)?;
                }
                for permission in change.revoked.iter() {
                    role_permissions::remove(conn, account.id, role.id, permission)?;
                }
                Ok(())
            })?;
            // What its holders hold decides which password policy applies to them.
            history::trim_later(tx.conn, account.id, most_remembered, tx.now)?;
            let role = roles::by_id(tx.conn, account.id, role.id)?.ok_or(Error::NotFound)?;
            view(tx.conn, role)
        })
        .await
    }
}
