//! Determines on whose behalf users are imported, and what that allows.

use kernel::AccountId;
use permissions::{Decision, Permission, PermissionSet, decide};
use store::tables::{
    directory::{
        api_keys,
        users::{self, Status},
    },
    jobs::imported_users::Importer,
};

use crate::{
    authority::authors::{look_at_authors, permissions_of},
    base::{error::Result, tx::Tx},
};

/// What an importer may grant, or why the import cannot continue.
pub(super) enum ImporterStatus {
    /// The importer holds these permissions.
    Holds(PermissionSet),
    /// No user of the account can sign in now: the file waits.
    Waits,
    /// The importer may no longer import; the text is shown to readers of the import.
    Out(&'static str),
}

/// What the operator of the platform may grant: everything, since a holder of all built-in permissions can grant those
/// of applications too.
pub(super) fn operator() -> PermissionSet {
    Permission::OURS.into_iter().collect()
}

/// The current rights of the user who started an import, or who is responsible for the API key that did. Locks both.
/// What was allowed when the file came may have been taken away since.
pub(super) fn status(tx: &mut Tx<'_>, importer: Importer, account: AccountId) -> Result<ImporterStatus> {
    let Some(importer) = importer else { return Ok(ImporterStatus::Out("the user who started it has been deleted")) };
    let (own, user) = importer.user;
    let active = users::lock(tx.conn, own, user)?.is_some_and(|user| user.status == Status::Active);
    if !active {
        return Ok(ImporterStatus::Out("the user who started it has been disabled"));
    }
    if let Some((key_account, key)) = importer.api_key {
        api_keys::lock(tx.conn, key_account, key)?;
    }
    let authority = look_at_authors(tx.conn, &[importer], &[], &[account])?;
    if !authority.lets_in(account) {
        return Ok(ImporterStatus::Waits);
    }
    let Some(held) = permissions_of(&authority, &importer, tx.now) else {
        return Ok(ImporterStatus::Out("the API key that started it was revoked or has expired"));
    };
    let own = importer.api_key.map_or(own, |(account, _)| account);
    match decide(&held, own, account, Permission::UserPermissions) {
        Decision::Allowed => Ok(ImporterStatus::Holds(held)),
        Decision::Missing(_) | Decision::Hidden => {
            Ok(ImporterStatus::Out("whoever started it no longer holds user_permissions"))
        }
    }
}
