//! Checks whose permissions a change of a role would change.

use permissions::{Permission, PermissionSet, may_grant};
use store::{
    Conn,
    tables::directory::{permission_holders, roles::Role},
};

use crate::base::error::{Error, Holder, Result};

/// Refuses to let a caller who holds `held` change what the holders of the role hold, if one of them, disabled or not,
/// holds what the caller could not grant: it would amount to taking it from that user, or giving it. Permissions of
/// applications are not checked, since whoever may change roles could grant them. The caller has locked the account.
///
/// # Errors
/// [`Error::OutOfReach`].
pub(super) fn must_reach_holders(conn: &mut Conn, role: &Role, held: &PermissionSet) -> Result<()> {
    for permission in Permission::OURS.into_iter().filter(|permission| !may_grant(held, permission)) {
        if permission_holders::has_role(conn, role.account_id, &permission, role.id)? {
            return Err(Error::OutOfReach { permission, holder: Holder::WithRole });
        }
    }
    Ok(())
}
