//! Reads and replaces the roles of a user.

use std::collections::BTreeSet;

use kernel::{AccountId, RoleId, UserId};
use permissions::{PermissionSet, UserPermissions, change};
use store::{
    Conn,
    tables::directory::{role_permissions, roles, user_roles, users},
};

use super::{
    act::{Act, Effect},
    administrators::keep_one,
    known_secrets::refuse_known_secrets,
};
use crate::{
    authority::role_ids::roles_of_account,
    authority::{acting::Lock, allowed::Allowed},
    base::{
        audit::Action,
        error::{Error, Result},
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
    policies::password_policies::history,
};

/// Roles of one user. Every request of the user checks what all of them carry.
const MAX_ROLES: usize = 100;

/// The roles of a user, and the version of the user.
#[derive(Clone, Debug)]
pub struct UserRoles {
    /// The roles, in the order of ids.
    pub role_ids: Vec<RoleId>,
    /// Increases with every change of the user; for `ETag`.
    pub version: i64,
}

impl Service {
    /// The roles of the user.
    pub async fn read_user_roles(&self, by: &Allowed<UserPermissions>, user: UserId) -> Result<UserRoles> {
        let account = by.account_id();
        self.store
            .read(move |conn| {
                let user = users::by_id(conn, account, user)?.ok_or(Error::NotFound)?;
                let role_ids = user_roles::of_user(conn, account, user.id)?;
                Ok(UserRoles { role_ids, version: user.version })
            })
            .await
    }

    /// Makes `role_ids` the roles of the user. The change is effective at our own endpoints at once, and in access
    /// tokens from the next refresh on. `if_version`: the version of the user that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`] names what is not a role of the account; [`Error::GrantRefused`]: callers cannot give a
    /// role that carries what they do not hold; [`Error::PreconditionFailed`]; [`Error::Conflict`] when nobody else in
    /// the account would hold a built-in permission, or somebody else may know the user's password or second factor.
    pub async fn replace_user_roles(
        &self,
        by: &Allowed<UserPermissions>,
        user: UserId,
        role_ids: Vec<String>,
        if_version: Option<i64>,
    ) -> Result<UserRoles> {
        // The account is locked before the roles are read: nobody changes what they carry until this transaction ends.
        self.act_on(by, user, Lock::Account, move |act| {
            let user = &act.upon.target;
            if if_version.is_some_and(|version| version != user.version) {
                return Err(Error::PreconditionFailed);
            }
            let wanted = roles_of_account(act.tx.conn, act.account.id, &role_ids)?;
            let current = user_roles::of_user(act.tx.conn, act.account.id, user.id)?.into_iter().collect();
            let version = match set_roles(act, &current, &wanted)? {
                Effect::Done => user.version.saturating_add(1),
                Effect::Nothing => user.version,
            };
            Ok(UserRoles { role_ids: wanted.into_iter().collect(), version })
        })
        .await
    }
}

/// Changes the roles of the user from `current` to `wanted`, which are roles of the account. The caller has locked the
/// account too.
///
/// # Errors
/// [`Error::GrantRefused`]; [`Error::Conflict`] when the user would get more roles than one can have, nobody else in
/// the account would hold a built-in permission, or somebody else may know the user's password or second factor.
pub(crate) fn set_roles(
    act: &mut Act<'_, '_>,
    current: &BTreeSet<RoleId>,
    wanted: &BTreeSet<RoleId>,
) -> Result<Effect> {
    let (account, user) = (act.account, &act.upon.target);
    if wanted == current {
        return Ok(Effect::Nothing);
    }
    let added: Vec<RoleId> = wanted.difference(current).copied().collect();
    let removed: Vec<RoleId> = current.difference(wanted).copied().collect();
    if !added.is_empty() {
        let carried = role_permissions::of_any(act.tx.conn, account.id, &added)?;
        change(&act.upon.held_by_actor, &PermissionSet::default(), &carried, account.slug == PLATFORM_SLUG)?;
        refuse_known_secrets(act.tx.conn, account.id, user.id, &carried, act.tx.now)?;
        // A user who has more from before can only lose some.
        if wanted.len() > MAX_ROLES {
            let why = format!("a user can have at most {MAX_ROLES} roles; this one would have {}", wanted.len());
            return Err(Error::Conflict(why));
        }
    }
    let now = act.tx.now;
    keep_one(act.tx.conn, account, act.may_lose(), |conn| {
        for role in &added {
            user_roles::assign(conn, account.id, user.id, *role, now)?;
        }
        for role in &removed {
            user_roles::unassign(conn, account.id, user.id, *role)?;
        }
        Ok(users::touch(conn, account.id, user.id)?)
    })?;
    history::trim_of_user(act.tx.conn, account.id, user.id)?;
    let event = act.actor.did(Action::UserRolesChanged).on(user);
    let added_names = names(act.tx.conn, account.id, act.named(&added))?;
    let removed_names = names(act.tx.conn, account.id, act.named(&removed))?;
    let event = act.told(event, "added", added_names, added.len());
    let event = act.told(event, "removed", removed_names, removed.len());
    act.tx.record(account.id, event);
    Ok(Effect::Done)
}

/// The names of roles.
fn names(conn: &mut Conn, account: AccountId, ids: &[RoleId]) -> Result<Vec<String>> {
    Ok(roles::by_ids(conn, account, ids)?.into_iter().map(|role| role.name).collect())
}
