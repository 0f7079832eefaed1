//! Nobody gains anything by a password that they imported.
//!
//! Whoever imports a user may know the password. So while it is the imported one, the user gets nothing that the importer
//! could not grant anyway: otherwise the importer would sign in as the user and hold what nobody gave to the importer. An
//! importer who has been disabled or deleted grants nothing, and knows the password all the same.

use kernel::{AccountId, RoleId, UserId};
use permissions::{PermissionSet, may_grant};
use store::{
    Conn,
    tables::{
        imported_users, user_permissions,
        users::{self, Status},
    },
};

use crate::{Error, Result};

/// Refuses to give `granted` to a user whose password the importer may know, unless the importer could give it too.
///
/// # Errors
/// [`Error::Conflict`].
pub(crate) fn refuse_known_password(
    conn: &mut Conn,
    account: AccountId,
    user: UserId,
    granted: &PermissionSet,
) -> Result<()> {
    match imported_users::knows_password(conn, account, user)? {
        Some(importer) if !granted.is_empty() && !could_grant(conn, importer, granted)? => {
            let why = "whoever imported this user may know the password and could not grant this; send an activation code \
                       first, so that the user chooses another";
            Err(Error::Conflict(why.to_owned()))
        }
        Some(_) | None => Ok(()),
    }
}

/// The same for everybody who has the role to which `granted` is to be added. The caller has locked the account.
///
/// # Errors
/// [`Error::Conflict`].
pub(crate) fn refuse_known_password_in_role(
    conn: &mut Conn,
    account: AccountId,
    role: RoleId,
    granted: &PermissionSet,
) -> Result<()> {
    if granted.is_empty() {
        return Ok(());
    }
    for importer in imported_users::know_a_password_in_role(conn, account, role)? {
        if !could_grant(conn, importer, granted)? {
            let why = "somebody with this role was imported; whoever did so may know the password and could not grant this; \
                       send an activation code first, so that the user chooses another";
            return Err(Error::Conflict(why.to_owned()));
        }
    }
    Ok(())
}

/// Whether the importer could grant all of this at this moment. Who is disabled grants nothing.
fn could_grant(conn: &mut Conn, (account, importer): (AccountId, UserId), granted: &PermissionSet) -> Result<bool> {
    let active = users::by_id(conn, account, importer)?.is_some_and(|user| user.status == Status::Active);
    let held = user_permissions::of_user(conn, account, importer)?;
    Ok(active && granted.iter().all(|permission| may_grant(&held, permission)))
}
