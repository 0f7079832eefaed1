//! The last administrator of an account stays.

use kernel::UserId;
use permissions::{Permission, PermissionSet};
use store::{
    Conn,
    tables::{accounts::Account, user_permissions},
};

use crate::{Error, PLATFORM_SLUG, Result};

/// What makes somebody an administrator of this account: only who holds it can appoint another.
fn of(account: &Account) -> Permission {
    if account.slug == PLATFORM_SLUG { Permission::PlatformAdministration } else { Permission::UserPermissions }
}

/// Refuses to take `lost` from the user if that takes the last administrator from the account. The caller has locked the
/// account.
///
/// # Errors
/// [`Error::Conflict`].
pub(super) fn keep_one(conn: &mut Conn, account: &Account, user: UserId, lost: &PermissionSet) -> Result<()> {
    let needed = of(account);
    if !lost.contains(needed) || user_permissions::is_held_by_another(conn, account.id, user, needed)? {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "this user is the last active one of the account who holds {needed}; grant it to another first"
    )))
}
