//! Nobody gains anything by a password that they imported.
//!
//! Whoever imports a user may know the password. So while it is the imported one, the user gets nothing that the importer
//! could not grant anyway: otherwise the importer would sign in as the user and hold what nobody gave to the importer. An
//! importer who has been disabled or deleted grants nothing, and knows the password all the same.

use kernel::{AccountId, RoleId, Time, UserId};
use permissions::{PermissionSet, may_grant};
use store::{
    Conn,
    tables::{Author, imported_users},
};

use crate::{
    Error, Result,
    acting::{held_by, look_at_authors},
};

/// Refuses to give `granted` to a user whose password the importer may know, unless the importer could give it too.
///
/// # Errors
/// [`Error::Conflict`].
pub(crate) fn refuse_known_password(
    conn: &mut Conn,
    account: AccountId,
    user: UserId,
    granted: &PermissionSet,
    now: Time,
) -> Result<()> {
    match imported_users::knows_password(conn, account, user)? {
        Some(importer) if !granted.is_empty() && !could_grant(conn, &importer, granted, now)? => {
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
    now: Time,
) -> Result<()> {
    if granted.is_empty() {
        return Ok(());
    }
    for importer in imported_users::know_a_password_in_role(conn, account, role)? {
        if !could_grant(conn, &importer, granted, now)? {
            let why = "somebody with this role was imported; whoever did so may know the password and could not grant this; \
                       send an activation code first, so that the user chooses another";
            return Err(Error::Conflict(why.to_owned()));
        }
    }
    Ok(())
}

/// Whether the importer could grant all of this at this moment. Who is disabled grants nothing. Of an API key that is gone
/// nothing is left but who answered for it.
fn could_grant(conn: &mut Conn, importer: &Author, granted: &PermissionSet, now: Time) -> Result<bool> {
    let authority = look_at_authors(conn, &[*importer], &[], &[])?;
    let held = held_by(&authority, importer, now).unwrap_or_else(|| authority.held(importer.user));
    Ok(authority.is_active(importer.user) && granted.iter().all(|permission| may_grant(&held, permission)))
}
