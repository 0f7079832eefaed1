//! Locks and checks the customer's account that a platform administrator acts upon.

use kernel::AccountId;
use permissions::PlatformAdministration;
use store::{
    Conn,
    tables::directory::accounts::{self, Account},
};

use crate::{
    authority::{acting::Acting, allowed::Allowed},
    base::{
        audit::Event,
        error::{Error, Result},
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
};

impl Service {
    /// Runs `what` upon the account, which is locked. `if_version`: the version that the caller has seen.
    ///
    /// # Errors
    /// Those of the first check, if it would fail now; [`Error::NotFound`]; [`Error::PreconditionFailed`] when the
    /// account no longer has that version; those of `what`.
    pub(super) async fn act_on_account<T: Send + 'static>(
        &self,
        by: &Allowed<PlatformAdministration>,
        account: AccountId,
        if_version: Option<i64>,
        mut what: impl FnMut(Acting<'_, '_>, Account) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.act_for_platform(by, Some(account), move |acting| {
            let account = accounts::by_id(acting.tx.conn, account)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != account.version) {
                return Err(Error::PreconditionFailed);
            }
            what(acting, account)
        })
        .await
    }
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

impl Acting<'_, '_> {
    /// Records what was done to the account: in its own chain, which is deleted with it, and in the actor's chain.
    pub(super) fn record_on(&mut self, account: &Account, event: Event) {
        let event = event.on(account);
        self.tx.record(self.by.account_id, event.clone());
        if account.id != self.by.account_id {
            self.tx.record(account.id, event);
        }
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
