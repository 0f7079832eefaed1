//! Locks and checks the customer's account that a platform administrator acts upon.

use kernel::{AccountId, Time};
use store::{
    Conn,
    tables::directory::accounts::{self, Account},
};

use crate::{
    authority::acting::{Needs, still_may},
    base::{
        audit::{Event, Journal},
        error::{Error, Result},
        model::Actor,
        platform_account::PLATFORM_SLUG,
    },
};

/// Locks the account, then the actor, and checks again.
///
/// # Errors
/// Those of the first check; [`Error::NotFound`]; [`Error::PreconditionFailed`] when the account no longer has the
/// version that the caller has seen.
pub(super) fn locked(
    conn: &mut Conn,
    actor: &Actor,
    account: AccountId,
    if_version: Option<i64>,
    now: Time,
) -> Result<Account> {
    accounts::lock(conn, account)?;
    still_may(conn, actor, Needs::Platform, now)?;
    let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
    if if_version.is_some_and(|version| version != account.version) {
        return Err(Error::PreconditionFailed);
    }
    Ok(account)
}

/// Refuses what would lock the platform's administrators out of their own account.
///
/// # Errors
/// [`Error::Conflict`].
pub(super) fn of_a_customer(account: &Account) -> Result<()> {
    if account.slug == PLATFORM_SLUG {
        let why = "the platform's own account cannot be suspended, deleted or limited: nobody could undo it";
        return Err(Error::Conflict(why.to_owned()));
    }
    Ok(())
}

/// Records what was done to the account: in its own chain, which is deleted with it, and in the actor's chain.
pub(super) fn record(audit: &mut Journal, actor: &Actor, account: &Account, event: Event) {
    let event = event.on(account);
    audit.record(actor.account_id, event.clone());
    if account.id != actor.account_id {
        audit.record(account.id, event);
    }
}

/// Writes the account's new lifecycle state.
///
/// # Errors
/// [`Error::Conflict`] when its rows are being deleted already.
pub(super) fn set_lifecycle(conn: &mut Conn, account: &Account) -> Result<()> {
    if accounts::set_lifecycle(conn, account)? {
        return Ok(());
    }
    Err(Error::Conflict("the account is being deleted right now; it is too late to undo that".to_owned()))
}
