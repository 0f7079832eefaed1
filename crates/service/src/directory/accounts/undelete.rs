//! Undoes the deletion of an account.

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
    /// Undoes the deletion of the account: it is suspended if it was before, and active otherwise, with everything as
    /// it was. An account that is not being deleted stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when the time of deletion has passed.
    pub async fn undelete_account(&self, actor: &Actor, account: AccountId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let mut account = locked(conn, &actor, account, None, now)?;
            match account.status {
                Status::Active | Status::Suspended => return Ok(()),
                Status::Deleting => {}
            }
            if account.delete_at.is_some_and(|delete_at| delete_at <= now) {
                let why = "the deletion can no longer be undone";
                return Err(Error::Conflict(why.to_owned()));
            }
            account.status = if account.suspended_at.is_some() { Status::Suspended } else { Status::Active };
            account.delete_at = None;
            set_lifecycle(conn, &account)?;
            record(audit, &actor, &account, actor.did(Action::AccountDeletionUndone));
            Ok(())
        })
        .await?;
        self.core.import_came.notify_one();
        Ok(())
    }
}
