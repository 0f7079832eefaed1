//! Reads and replaces the roles of a user.

use std::collections::BTreeSet;

use kernel::{AccountId, RoleId, UserId};
use permissions::{PermissionSet, change};
use store::{
    Conn,
    tables::directory::{role_permissions, roles, user_roles, users},
};

use super::{
    act::{Act, Effect, Lock},
    administrators::keep_one,
    known_secrets::refuse_known_secrets,
};
use crate::{
    authority::role_ids::roles_of_account,
    base::{
        audit::{Action, Journal},
        error::{Error, Result},
        model::Actor,
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
    pub async fn read_user_roles(&self, account: AccountId, user: UserId) -> Result<UserRoles> {
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
        actor: &Actor,
        account: AccountId,
        user: UserId,
        role_ids: Vec<String>,
        if_version: Option<i64>,
    ) -> Result<UserRoles> {
        // The account is locked before the roles are read: nobody changes what they carry until this transaction ends.
        self.act(actor, (account, user), Lock::AccountFirst, move |conn, act, audit| {
            let user = &act.upon.target;
            if if_version.is_some_and(|version| version != user.version) {
                return Err(Error::PreconditionFailed);
            }
            let wanted = roles_of_account(conn, act.account.id, &role_ids)?;
            let current = user_roles::of_user(conn, act.account.id, user.id)?.into_iter().collect();
            let version = match set_roles(conn, act, audit, &current, &wanted)? {
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
    conn: &mut Conn,
    act: &Act<'_>,
    audit: &mut Journal,
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
        let carried = role_permissions::of_any(conn, account.id, &added)?;
        change(&act.upon.held_by_actor, &PermissionSet::default(), &carried, account.slug == PLATFORM_SLUG)?;
        refuse_known_secrets(conn, account.id, user.id, &carried, act.now)?;
        // A user who has more from before can only lose some.
        if wanted.len() > MAX_ROLES {
            let why = format!("a user can have at most {MAX_ROLES} roles; this one would have {}", wanted.len());
            return Err(Error::Conflict(why));
        }
    }
    keep_one(conn, account, act.may_lose(), |conn| {
        for role in &added {
            user_roles::assign(conn, account.id, user.id, *role, act.now)?;
        }
        for role in &removed {
            user_roles::unassign(conn, account.id, user.id, *role)?;
        }
        Ok(users::touch(conn, account.id, user.id)?)
    })?;
    history::trim_of_user(conn, account.id, user.id)?;
    let event = act.actor.did(Action::UserRolesChanged).on(user);
    let event = act.told(event, "added", names(conn, account.id, act.named(&added))?, added.len());
    let event = act.told(event, "removed", names(conn, account.id, act.named(&removed))?, removed.len());
    audit.record(account.id, event);
    Ok(Effect::Done)
}

/// The names of roles.
fn names(conn: &mut Conn, account: AccountId, ids: &[RoleId]) -> Result<Vec<String>> {
    Ok(roles::by_ids(conn, account, ids)?.into_iter().map(|role| role.name).collect())
}
