//! Keeps at least one holder of each built-in permission in an account.

use permissions::{Permission, PermissionSet};
use store::{
    Conn,
    tables::directory::{accounts::Account, permission_holders},
};

use crate::base::{
    error::{Error, Result},
    platform_account::PLATFORM_SLUG,
};

/// The permissions in `touched` that must keep a holder in the account, when a caller who holds `held_by_actor` takes
/// them from somebody. The platform may take everything from a customer's account, since it can give everything back.
/// Its own account needs only somebody who administers the platform, who may do all the rest.
fn demanded(account: &Account, held_by_actor: &PermissionSet, touched: &PermissionSet) -> Vec<Permission> {
    let above = Permission::PlatformAdministration;
    if account.slug == PLATFORM_SLUG {
        return touched.iter().filter(|permission| **permission == above).cloned().collect();
    }
    if held_by_actor.contains(&above) { Vec::new() } else { touched.ours().iter().cloned().collect() }
}

/// Makes a change that may take permissions from somebody, by whatever means: a grant, a role, a status, or a deletion.
/// The change is undone if it takes a built-in permission from its last holder in the account. `touched`: all that
/// somebody may lose by it; most users hold no built-in permission. The caller has locked the account.
///
/// # Errors
/// [`Error::Conflict`], and those of `change`.
pub(crate) fn keep_one<T>(
    conn: &mut Conn,
    account: &Account,
    (held_by_actor, touched): (&PermissionSet, &PermissionSet),
    change: impl FnOnce(&mut Conn) -> Result<T>,
) -> Result<T> {
    let demanded = demanded(account, held_by_actor, touched);
    let mut before = Vec::with_capacity(demanded.len());
    for permission in &demanded {
        before.push(permission_holders::holding(conn, account.id, permission)?);
    }
    let outcome = change(conn)?;
    for (permission, before) in demanded.iter().zip(before) {
        // A new account may have no holder, or a holder who has not set a password yet.
        if permission_holders::holding(conn, account.id, permission)? < before {
            return Err(Error::Conflict(format!(
                "nobody would be left in the account who holds {permission} and can sign in; grant it to another user \
                 first"
            )));
        }
    }
    Ok(outcome)
}
