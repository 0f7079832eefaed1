//! Keeps importers from gaining permissions by a password or a second factor that they imported.
//!
//! An importer may know the user's password and the secret of the authenticator app. So while one of them is the
//! imported one, the user gets no permission that the importer could not grant anyway. Otherwise the importer could
//! sign in as the user, or would lack only one of two factors, and would hold what nobody gave to the importer. An
//! importer who has been disabled or deleted can grant nothing, but still knows the secrets.
//!
//! For the password this ends when the user sets one with an activation code that somebody else ordered and that was
//! not mailed to an address which the importer set. Whoever knows the password can change it, order a code, and read
//! their own mail. For the second factor it ends with a reset, since the next device is the user's own, unless it is
//! enrolled with a password that the importer knows: then it may be the importer's.

use kernel::{AccountId, RoleId, Time, UserId};
use permissions::{PermissionSet, may_grant};
use store::{
    Conn,
    tables::{
        Author,
        jobs::imported_users,
        sign_in::known_factors::{self, Knower},
    },
};

use crate::{
    authority::authors::{look_at_authors, permissions_of},
    base::error::{Error, Result},
};

/// Refuses to give `granted` to a user whose password or second factor the importer may know, unless the importer could
/// give it too. The caller has locked the account and the user.
///
/// # Errors
/// [`Error::Conflict`].
pub(crate) fn refuse_known_secrets(
    conn: &mut Conn,
    account: AccountId,
    user: UserId,
    granted: &PermissionSet,
    now: Time,
) -> Result<()> {
    if granted.is_empty() {
        return Ok(());
    }
    if let Some(importer) = imported_users::knows_password(conn, account, user)?
        && !could_grant(conn, &importer, granted, now)?
    {
        let why = "whoever imported this user may know the password and cannot grant this; send an activation code \
                   first, so that the user chooses another password";
        return Err(Error::Conflict(why.to_owned()));
    }
    if let Some(knower) = known_factors::of_user(conn, account, user)?
        && !knower_could_grant(conn, knower, granted, now)?
    {
        let why = "whoever imported this user may know the second factor and cannot grant this; reset the second \
                   factor first, so that the user enrolls another";
        return Err(Error::Conflict(why.to_owned()));
    }
    Ok(())
}

/// Does the same for all who have the role to which `granted` is to be added. The caller has locked the account, not
/// the users; therefore the passwords are read first: of a user who enrolls with a known password and then chooses
/// their own, one or the other is seen.
///
/// # Errors
/// [`Error::Conflict`].
pub(crate) fn refuse_known_secrets_in_role(
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
            let why = "somebody with this role was imported; whoever did so may know the password and cannot grant \
                       this; send an activation code first, so that the user chooses another password";
            return Err(Error::Conflict(why.to_owned()));
        }
    }
    for knower in known_factors::in_role(conn, account, role)? {
        if !knower_could_grant(conn, knower, granted, now)? {
            let why = "somebody with this role was imported; whoever did so may know the second factor and cannot \
                       grant this; reset the second factor first, so that the user enrolls another";
            return Err(Error::Conflict(why.to_owned()));
        }
    }
    Ok(())
}

/// Like [`could_grant`], for whoever may know a factor. An unknown knower could not.
fn knower_could_grant(conn: &mut Conn, knower: Knower, granted: &PermissionSet, now: Time) -> Result<bool> {
    match knower {
        Knower::Unknown => Ok(false),
        Knower::Somebody(importer) => could_grant(conn, &importer, granted, now),
    }
}

/// Whether the importer could grant all of this now. A disabled importer can grant nothing. An API key that is revoked
/// or has expired can grant no built-in permission, whatever the user who was responsible for it may do: the program is
/// not that user, and the key may have been revoked because it was stolen. Permissions of applications are not refused:
/// it could grant them as long as it could import.
fn could_grant(conn: &mut Conn, importer: &Author, granted: &PermissionSet, now: Time) -> Result<bool> {
    let authority = look_at_authors(conn, &[*importer], &[], &[])?;
    if !authority.is_active(importer.user) {
        return Ok(false);
    }
    Ok(match permissions_of(&authority, importer, now) {
        Some(held) => granted.iter().all(|permission| may_grant(&held, permission)),
        None => granted.ours().is_empty(),
    })
}
