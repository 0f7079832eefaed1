//! Resumes a suspended account.

use kernel::AccountId;
use store::tables::directory::accounts::Status;

use super::acted_upon::{locked, record, set_lifecycle};
use crate::base::{
    audit::Action,
    error::{Error, Result},
    model::Actor,
    service::Service,
};

impl Service {
    /// Ends a suspension: everything is as before, including sessions that have not expired. Repeating the call changes
    /// nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for an account that is being deleted.
    pub async fn resume_account(&self, actor: &Actor, account: AccountId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let mut account = locked(conn, &actor, account, None, now)?;
            match account.status {
                Status::Active => return Ok(()),
                Status::Deleting => {
                    let why = "the account is being deleted; undo the deletion first";
                    return Err(Error::Conflict(why.to_owned()));
                }
                Status::Suspended => {}
            }
            account.status = Status::Active;
            account.suspended_at = None;
            set_lifecycle(conn, &account)?;
            record(audit, &actor, &account, actor.did(Action::AccountResumed));
            Ok(())
        })
        .await?;
        self.core.import_came.notify_one();
        Ok(())
    }
}
