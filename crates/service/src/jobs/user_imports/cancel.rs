//! Cancels an import.

use kernel::UserImportId;
use permissions::UserPermissions;
use store::tables::jobs::{
    user_import_batches, user_import_queue,
    user_imports::{self, ImportStatus},
};

use super::{read::find, work::tally_of};
use crate::{
    authority::{acting::Acting, allowed::Allowed},
    base::{
        audit::Action,
        error::{Error, Result},
        service::Service,
    },
};

impl Service {
    /// Cancels the import: the waiting part of the file is deleted, the users that were imported stay. A batch in
    /// progress is completed. Repeating the call changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when it is done or has failed.
    pub async fn cancel_user_import(&self, by: &Allowed<UserPermissions>, id: UserImportId) -> Result<()> {
        self.act_after(
            by,
            // First, as in the worker: from here on nobody else ends it.
            move |tx, account| Ok(user_import_queue::remove(tx.conn, account, id)?),
            move |Acting { tx, by, .. }, account, was_open| {
                let import = find(tx.conn, account.id, id)?;
                if was_open {
                    user_import_batches::delete_all(tx.conn, account.id, id)?;
                    user_imports::finish(tx.conn, account.id, id, ImportStatus::Cancelled, None, tx.now)?;
                    tx.record(account.id, tally_of(&import, by.did(Action::UserImportCancelled).on(&import)));
                    return Ok(());
                }
                match import.status {
                    ImportStatus::Cancelled => Ok(()),
                    ImportStatus::Done | ImportStatus::Failed => {
                        Err(Error::Conflict("this import has ended; there is nothing left to cancel".to_owned()))
                    }
                    ImportStatus::Receiving | ImportStatus::Queued | ImportStatus::Running => {
                        Err(Error::Internal(format!("import {id} is open and not in the queue")))
                    }
                }
            },
        )
        .await
    }
}
