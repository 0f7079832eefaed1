//! Checks that the caller ranks high enough for whom, or what, they act upon.

use permissions::{Permission, PermissionSet, lacking};
use store::tables::directory::users::User;

use crate::base::{
    error::{Error, Holder, Result},
    model::Actor,
};

/// A user who is acted upon, and what both hold now. Both are locked. Every way to get one checks the actor's rank, so
/// that no operation can forget that.
pub(crate) struct ActedUpon {
    pub(crate) target: User,
    pub(crate) held_by_actor: PermissionSet,
    pub(crate) held_by_target: PermissionSet,
    /// Prevents construction elsewhere.
    _rank: (),
}

impl ActedUpon {
    /// `target` as acted upon by `actor`, who holds `held_by_actor`. Both are locked.
    ///
    /// # Errors
    /// [`Error::OutOfReach`] when the target holds what the actor could not grant, unless the target is the actor.
    pub(crate) fn new(
        actor: &Actor,
        target: User,
        held_by_actor: PermissionSet,
        held_by_target: PermissionSet,
    ) -> Result<Self> {
        if !actor.is_user(target.account_id, target.id) {
            must_reach(&held_by_actor, &held_by_target, Holder::User)?;
        }
        Ok(Self { target, held_by_actor, held_by_target, _rank: () })
    }
}

/// Rejects a change of a user or a role that holds what a caller with `held_by_actor` could not grant.
///
/// # Errors
/// [`Error::OutOfReach`].
pub(crate) fn must_reach(held_by_actor: &PermissionSet, touched: &PermissionSet, holder: Holder) -> Result<()> {
    match lacking(held_by_actor, touched) {
        None => Ok(()),
        Some(permission) => Err(Error::OutOfReach { permission: permission.clone(), holder }),
    }
}

/// Rejects a change of an API key with `platform_administration` by a caller without it.
///
/// # Errors
/// [`Error::PermissionRequired`].
pub(crate) fn not_from_below(held_by_actor: &PermissionSet, touched: &PermissionSet) -> Result<()> {
    let above = Permission::PlatformAdministration;
    if touched.contains(&above) && !held_by_actor.contains(&above) {
        return Err(Error::PermissionRequired(above));
    }
    Ok(())
}
