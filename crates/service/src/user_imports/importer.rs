//! On whose behalf users are imported, and what that allows.

use kernel::{AccountId, UserId};
use permissions::{Decision, Permission, PermissionSet, decide};
use store::{
    Conn,
    tables::{
        user_permissions,
        users::{self, Status},
    },
};

use crate::Result;

/// What an importer may grant, or why nothing more is imported for this one.
pub(super) enum Standing {
    /// Holds these permissions.
    Holds(PermissionSet),
    /// May no longer import; the text is for who reads the import.
    Out(&'static str),
}

/// What the operator of the platform may grant: everything, since who holds all of ours grants those of applications too.
pub(super) fn operator() -> PermissionSet {
    Permission::OURS.into_iter().collect()
}

/// How the user who started an import, locked from here on, stands at this moment. What was right when the file came may
/// have been taken away since.
pub(super) fn standing(conn: &mut Conn, importer: Option<(AccountId, UserId)>, account: AccountId) -> Result<Standing> {
    let Some((own, user)) = importer else { return Ok(Standing::Out("the user who started it is gone")) };
    let active = users::lock(conn, own, user)?.is_some_and(|user| user.status == Status::Active);
    if !active {
        return Ok(Standing::Out("the user who started it has been disabled"));
    }
    let held = user_permissions::of_user(conn, own, user)?;
    match decide(&held, own, account, Permission::UserPermissions) {
        Decision::Allowed => Ok(Standing::Holds(held)),
        Decision::Missing(_) | Decision::Hidden => {
            Ok(Standing::Out("the user who started it does not hold user_permissions any more"))
        }
    }
}
