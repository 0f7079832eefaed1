//! Suspends an account.

use kernel::AccountId;
use permissions::PlatformAdministration;
use store::tables::{directory::accounts::Status, sign_in::challenges};

use super::acted_upon::{of_a_customer, set_lifecycle};
use crate::{
    authority::allowed::Allowed,
    base::{
        audit::Action,
        error::{Error, Result},
        service::Service,
    },
};

impl Service {
    /// Suspends the account: from now on none of its users can sign in, and no session or API key of it is accepted.
    /// Logins in progress end. Sessions are kept but not accepted, so those that have not expired when the account is
    /// resumed continue. User imports wait. Platform administrators can still see the account and act upon it.
    /// Repeating the call changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for the platform's own account and for one that is being deleted.
    pub async fn suspend_account(&self, by: &Allowed<PlatformAdministration>, account: AccountId) -> Result<()> {
        self.act_on_account(by, account, None, move |mut acting, mut account| {
            of_a_customer(&account)?;
            match account.status {
                Status::Suspended => return Ok(()),
                Status::Deleting => {
                    let why = "the account is being deleted; undo the deletion first";
                    return Err(Error::Conflict(why.to_owned()));
                }
                Status::Active => {}
            }
            account.status = Status::Suspended;
            account.suspended_at = Some(acting.tx.now);
            set_lifecycle(acting.tx.conn, &account)?;
            challenges::revoke_open_of_account(acting.tx.conn, account.id)?;
            acting.record_on(&account, acting.by.did(Action::AccountSuspended));
            Ok(())
        })
        .await
    }
}
