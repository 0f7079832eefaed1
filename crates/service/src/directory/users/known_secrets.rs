//! Nobody gains anything by a password or a second factor that they imported.
//!
//! Whoever imports a user may know the password and the secret of the authenticator app. So while one of them is the imported
//! one, the user gets nothing that the importer could not grant anyway: otherwise the importer would sign in as the user, or
//! lack one of two factors only, and hold what nobody gave to the importer. An importer who has been disabled or deleted grants
//! nothing, and knows them all the same.
//!
//! An own password ends the one: one that was set with an activation code which somebody else ordered, and which was not mailed to
//! an address that the importer set. Whoever knows the password can change it, order a code, and read their own mail. A reset of
//! the second factor ends the other, since the next device is the user's own. One that is enrolled with a password that the importer
//! knows is not: it may be the importer's.

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
    authority::acting::{held_by, look_at_authors},
    base::error::{Error, Result},
};

/// Refuses to give `granted` to a user whose password or second factor the importer may know, unless the importer could give it
/// too. The account and the user are locked.
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
        let why = "whoever imported this user may know the password and could not grant this; send an activation code \
                   first, so that the user chooses another";
        return Err(Error::Conflict(why.to_owned()));
    }
    if let Some(knower) = known_factors::of_user(conn, account, user)?
        && !knower_could_grant(conn, knower, granted, now)?
    {
        let why = "whoever imported this user may know the second factor and could not grant this; reset the second \
                   factor first, so that the user enrols another";
        return Err(Error::Conflict(why.to_owned()));
    }
    Ok(())
}

/// The same for everybody who has the role to which `granted` is to be added. The caller has locked the account, not the users:
/// so the passwords come first. Of somebody who enrols with a known password and then chooses their own, one or the other is
/// seen.
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
            let why = "somebody with this role was imported; whoever did so may know the password and could not grant this; \
                       send an activation code first, so that the user chooses another";
            return Err(Error::Conflict(why.to_owned()));
        }
    }
    for knower in known_factors::in_role(conn, account, role)? {
        if !knower_could_grant(conn, knower, granted, now)? {
            let why = "somebody with this role was imported; whoever did so may know the second factor and could not grant \
                       this; reset the second factor first, so that the user enrols another";
            return Err(Error::Conflict(why.to_owned()));
        }
    }
    Ok(())
}

/// The same as [`could_grant`], of who may know a factor. Of whom nothing is known could not.
fn knower_could_grant(conn: &mut Conn, knower: Knower, granted: &PermissionSet, now: Time) -> Result<bool> {
    match knower {
        Knower::Unknown => Ok(false),
        Knower::Somebody(importer) => could_grant(conn, &importer, granted, now),
    }
}

/// Whether the importer could grant all of this at this moment. Who is disabled grants nothing. An API key that is revoked or has
/// ended grants nothing of ours, whatever the person may who answered for it: the program is another than that person, and
/// perhaps the key was revoked because somebody had stolen it. What applications registered it could grant as long as it could
/// import.
fn could_grant(conn: &mut Conn, importer: &Author, granted: &PermissionSet, now: Time) -> Result<bool> {
    let authority = look_at_authors(conn, &[*importer], &[], &[])?;
    if !authority.is_active(importer.user) {
        return Ok(false);
    }
    Ok(match held_by(&authority, importer, now) {
        Some(held) => granted.iter().all(|permission| may_grant(&held, permission)),
        None => granted.ours().is_empty(),
    })
}
