//! On whose behalf users are imported, and what that allows.

use kernel::{AccountId, Time};
use permissions::{Decision, Permission, PermissionSet, decide};
use store::{
    Conn,
    tables::{
        directory::{
            api_keys,
            users::{self, Status},
        },
        jobs::imported_users::Importer,
    },
};

use crate::{
    authority::acting::{held_by, look_at_authors},
    base::error::Result,
};

/// What an importer may grant, or why nothing more is imported for this one.
pub(super) enum Standing {
    /// Holds these permissions.
    Holds(PermissionSet),
    /// The account lets nobody in at this moment: the file waits.
    Waits,
    /// May no longer import; the text is for who reads the import.
    Out(&'static str),
}

/// What the operator of the platform may grant: everything, since who holds all of ours grants those of applications too.
pub(super) fn operator() -> PermissionSet {
    Permission::OURS.into_iter().collect()
}

/// How the user who started an import, or who answers for the API key that did, stands at this moment, locked from here on.
/// What was right when the file came may have been taken away since.
pub(super) fn standing(conn: &mut Conn, importer: Importer, account: AccountId, now: Time) -> Result<Standing> {
    let Some(importer) = importer else { return Ok(Standing::Out("the user who started it is gone")) };
    let (own, user) = importer.user;
    let active = users::lock(conn, own, user)?.is_some_and(|user| user.status == Status::Active);
    if !active {
        return Ok(Standing::Out("the user who started it has been disabled"));
    }
    if let Some((key_account, key)) = importer.api_key {
        api_keys::lock(conn, key_account, key)?;
    }
    let authority = look_at_authors(conn, &[importer], &[], &[account])?;
    if !authority.lets_in(account) {
        return Ok(Standing::Waits);
    }
    let Some(held) = held_by(&authority, &importer, now) else {
        return Ok(Standing::Out("the API key that started it was revoked or has expired"));
    };
    let own = importer.api_key.map_or(own, |(account, _)| account);
    match decide(&held, own, account, Permission::UserPermissions) {
        Decision::Allowed => Ok(Standing::Holds(held)),
        Decision::Missing(_) | Decision::Hidden => {
            Ok(Standing::Out("whoever started it does not hold user_permissions any more"))
        }
    }
}
