//! Undoes the deletion of an account.

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
    /// Undoes the deletion of the account: it is suspended if it was before, and active otherwise, with everything as
    /// it was. An account that is not being deleted stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when the time of deletion has passed.
    pub async fn undelete_account(&self, by: &Allowed<PlatformAdministration>, account: AccountId) -> Result<()> {
        self.act_on_account(by, account, None, move |mut acting, mut account| {
            match account.status {
                Status::Active | Status::Suspended => return Ok(()),
                Status::Deleting => {}
            }
            if account.delete_at.is_some_and(|delete_at| delete_at <= acting.tx.now) {
                let why = "the deletion can no longer be undone";
                return Err(Error::Conflict(why.to_owned()));
            }
            account.status = if account.suspended_at.is_some() { Status::Suspended } else { Status::Active };
            account.delete_at = None;
            set_lifecycle(acting.tx.conn, &account)?;
            acting.record_on(&account, acting.by.did(Action::AccountDeletionUndone));
            Ok(())
        })
        .await?;
        self.core.import_came.notify_one();
        Ok(())
    }
}
