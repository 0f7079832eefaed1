//! Suspends an account.

use kernel::AccountId;
use store::tables::{directory::accounts::Status, sign_in::challenges};

use super::acted_upon::{locked, of_a_customer, record, set_lifecycle};
use crate::base::{
    audit::Action,
    error::{Error, Result},
    model::Actor,
    service::Service,
};

impl Service {
    /// Suspends the account: from now on none of its users can sign in, and no session or API key of it is accepted.
    /// Logins in progress end. Sessions are kept but not accepted, so those that have not expired when the account is
    /// resumed continue. User imports wait. Platform administrators can still see the account and act upon it.
    /// Repeating the call changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for the platform's own account and for one that is being deleted.
    pub async fn suspend_account(&self, actor: &Actor, account: AccountId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let mut account = locked(conn, &actor, account, None, now)?;
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
            account.suspended_at = Some(now);
            set_lifecycle(conn, &account)?;
            challenges::revoke_open_of_account(conn, account.id)?;
            record(audit, &actor, &account, actor.did(Action::AccountSuspended));
            Ok(())
        })
        .await
    }
}
