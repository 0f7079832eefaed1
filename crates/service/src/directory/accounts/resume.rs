//! Resumes a suspended account.

use kernel::AccountId;
use permissions::PlatformAdministration;
use store::tables::directory::accounts::Status;

use super::acted_upon::set_lifecycle;
use crate::{
    authority::allowed::Allowed,
    base::{
        audit::Action,
        error::{Error, Result},
        service::Service,
    },
};

impl Service {
    /// Ends a suspension: everything is as before, including sessions that have not expired. Repeating the call changes
    /// nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for an account that is being deleted.
    pub async fn resume_account(&self, by: &Allowed<PlatformAdministration>, account: AccountId) -> Result<()> {
        self.act_on_account(by, account, None, move |mut acting, mut account| {
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
            set_lifecycle(acting.tx.conn, &account)?;
            acting.record_on(&account, acting.by.did(Action::AccountResumed));
            Ok(())
        })
        .await?;
        self.core.import_came.notify_one();
        Ok(())
    }
}
