//! Reads and replaces the permissions of a user.

use std::collections::BTreeMap;

use kernel::UserId;
use permissions::{Permission, PermissionSet, change};
use store::{
    Conn,
    tables::directory::{
        role_permissions, roles, user_permissions, user_roles,
        users::{self, User},
    },
};

use super::{
    act::{Act, Effect},
    administrators::keep_one,
    known_secrets::refuse_known_secrets,
};
use crate::{
    authority::registered::must_be_registered,
    authority::{acting::Lock, allowed::Allowed},
    base::{
        audit::Action,
        error::{Error, Result},
        permission_names::parse_permissions,
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
    policies::password_policies::history,
};

/// Where a user has a permission from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// It was granted to the user.
    Direct,
    /// The role of this name carries it.
    Role(String),
}

/// What a user holds, and the version of the user.
#[derive(Clone, Debug)]
pub struct UserPermissions {
    /// What was granted to the user.
    pub direct: PermissionSet,
    /// The effective permissions: those granted directly and those of the user's roles, each with its origins.
    pub effective: BTreeMap<Permission, Vec<Origin>>,
    /// Increases with every change of the user; for `ETag`.
    pub version: i64,
}

fn look(conn: &mut Conn, user: &User) -> Result<UserPermissions> {
    let account = user.account_id;
    let direct = user_permissions::direct_of_user(conn, account, user.id)?;
    let mut effective: BTreeMap<Permission, Vec<Origin>> = BTreeMap::new();
    for permission in direct.iter() {
        effective.entry(permission.clone()).or_default().push(Origin::Direct);
    }
    let ids = user_roles::of_user(conn, account, user.id)?;
    let carried = role_permissions::of_roles(conn, account, &ids)?;
    for role in roles::by_ids(conn, account, &ids)? {
        for permission in carried.get(&role.id).into_iter().flat_map(PermissionSet::iter) {
            effective.entry(permission.clone()).or_default().push(Origin::Role(role.name.clone()));
        }
    }
    Ok(UserPermissions { direct, effective, version: user.version })
}

impl Service {
    /// What the user holds.
    pub async fn read_user_permissions(
        &self,
        by: &Allowed<permissions::UserPermissions>,
        user: UserId,
    ) -> Result<UserPermissions> {
        let account = by.account_id();
        self.store
            .read(move |conn| {
                let user = users::by_id(conn, account, user)?.ok_or(Error::NotFound)?;
                look(conn, &user)
            })
            .await
    }

    /// Makes `names` the permissions that are granted to the user directly, apart from those of the user's roles. The
    /// change is effective at our own endpoints at once, and in access tokens from the next refresh on. `if_version`:
    /// the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`], [`Error::GrantRefused`], [`Error::PreconditionFailed`]; [`Error::Conflict`] when nobody
    /// else in the account would hold a built-in permission, or somebody else may know the user's password or second
    /// factor.
    pub async fn replace_user_permissions(
        &self,
        by: &Allowed<permissions::UserPermissions>,
        user: UserId,
        names: &[String],
        if_version: Option<i64>,
    ) -> Result<UserPermissions> {
        let wanted = parse_permissions(names).map_err(Error::Validation)?;
        self.act_on(by, user, Lock::Account, move |act| {
            let user = &act.upon.target;
            if if_version.is_some_and(|version| version != user.version) {
                return Err(Error::PreconditionFailed);
            }
            let current = user_permissions::direct_of_user(act.tx.conn, act.account.id, user.id)?;
            set_permissions(act, &current, &wanted)?;
            let user = users::by_id(act.tx.conn, act.account.id, user.id)?.ok_or(Error::NotFound)?;
            look(act.tx.conn, &user)
        })
        .await
    }
}

/// Changes what is granted to the user directly from `current` to `wanted`. The caller has locked the account too.
///
/// # Errors
/// [`Error::GrantRefused`]; [`Error::Validation`] names what no application has registered; [`Error::Conflict`] when
/// nobody else in the account would hold a built-in permission, or when somebody who holds less may know the user's
/// password or second factor.
pub(crate) fn set_permissions(
    act: &mut Act<'_, '_>,
    current: &PermissionSet,
    wanted: &PermissionSet,
) -> Result<Effect> {
    let (account, user) = (act.account, &act.upon.target);
    let change = change(&act.upon.held_by_actor, current, wanted, account.slug == PLATFORM_SLUG)?;
    if change.granted.is_empty() && change.revoked.is_empty() {
        return Ok(Effect::Nothing);
    }
    must_be_registered(act.tx.conn, &change.granted)?;
    refuse_known_secrets(act.tx.conn, account.id, user.id, &change.granted, act.tx.now)?;
    let now = act.tx.now;
    keep_one(act.tx.conn, account, act.may_lose(), |conn| {
        for permission in change.granted.iter() {
            user_permissions::grant(conn, account.id, user.id, permission, now)?;
        }
        for permission in change.revoked.iter() {
            user_permissions::revoke(conn, account.id, user.id, permission)?;
        }
        Ok(users::touch(conn, account.id, user.id)?)
    })?;
    history::trim_of_user(act.tx.conn, account.id, user.id)?;
    let event = act.actor.did(Action::UserPermissionsChanged).on(user);
    let (granted, revoked): (Vec<_>, Vec<_>) = (change.granted.iter().collect(), change.revoked.iter().collect());
    let event = act.told(event, "granted", act.named(&granted).iter().map(|one| one.as_str()), granted.len());
    let event = act.told(event, "revoked", act.named(&revoked).iter().map(|one| one.as_str()), revoked.len());
    act.tx.record(account.id, event);
    Ok(Effect::Done)
}
