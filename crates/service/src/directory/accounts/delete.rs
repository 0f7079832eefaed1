//! Schedules an account's deletion, which can be undone until it is due.

use chrono::TimeDelta;
use kernel::AccountId;
use permissions::PlatformAdministration;
use store::tables::{directory::accounts::Status, sign_in::challenges};

use super::{
    acted_upon::{of_a_customer, set_lifecycle},
    view::{AccountView, view},
};
use crate::{
    authority::allowed::Allowed,
    base::{audit::Action, error::Result, service::Service},
};

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
        by: &Allowed<PlatformAdministration>,
        account: AccountId,
        delay: Option<TimeDelta>,
        if_version: Option<i64>,
    ) -> Result<AccountView> {
        let delay = delay.unwrap_or(self.core.settings.account_deletion_delay);
        self.act_on_account(by, account, if_version, move |mut acting, mut account| {
            of_a_customer(&account)?;
            match account.status {
                Status::Deleting => {}
                Status::Active | Status::Suspended => {
                    account.status = Status::Deleting;
                    account.delete_at = Some(acting.tx.now + delay);
                    set_lifecycle(acting.tx.conn, &account)?;
                    challenges::revoke_open_of_account(acting.tx.conn, account.id)?;
                    let event = acting.by.did(Action::AccountDeletionScheduled);
                    acting.record_on(&account, event.with("delete_at", (acting.tx.now + delay).to_rfc3339()));
                }
            }
            view(acting.tx.conn, account.id)
        })
        .await
    }
}
