//! Schedules an account's deletion, which can be undone until it is due.

use chrono::TimeDelta;
use kernel::AccountId;
use store::tables::{directory::accounts::Status, sign_in::challenges};

use super::{
    acted_upon::{locked, of_a_customer, record, set_lifecycle},
    view::{AccountView, view},
};
use crate::base::{audit::Action, error::Result, model::Actor, service::Service};

impl Service {
    /// Starts the deletion of the account: from now on none of its users can sign in, as if it were suspended, and
    /// after `delay` (`None`: as configured) it is permanently deleted. Repeating the call changes nothing, including
    /// the time of deletion. `if_version`: the version that the caller has seen.
    ///
    /// # Errors
    /// [`crate::base::error::Error::NotFound`], [`crate::base::error::Error::PreconditionFailed`];
    /// [`crate::base::error::Error::Conflict`] for the platform's own account.
    pub async fn delete_account(
        &self,
        actor: &Actor,
        account: AccountId,
        delay: Option<TimeDelta>,
        if_version: Option<i64>,
    ) -> Result<AccountView> {
        let delay = delay.unwrap_or(self.core.settings.account_deletion_delay);
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let mut account = locked(conn, &actor, account, if_version, now)?;
            of_a_customer(&account)?;
            match account.status {
                Status::Deleting => {}
                Status::Active | Status::Suspended => {
                    account.status = Status::Deleting;
                    account.delete_at = Some(now + delay);
                    set_lifecycle(conn, &account)?;
                    challenges::revoke_open_of_account(conn, account.id)?;
                    let event = actor.did(Action::AccountDeletionScheduled);
                    record(audit, &actor, &account, event.with("delete_at", (now + delay).to_rfc3339()));
                }
            }
            view(conn, account.id)
        })
        .await
    }
}
