//! Cancels an import.

use kernel::{AccountId, UserImportId};
use permissions::Permission;
use store::tables::jobs::{
    user_import_batches, user_import_queue,
    user_imports::{self, ImportStatus},
};

use super::{read::find, work::tally_of};
use crate::{
    authority::acting::{Needs, still_may},
    base::{
        audit::Action,
        error::{Error, Result},
        model::Actor,
        service::Service,
    },
};

impl Service {
    /// Cancels the import: the waiting part of the file is deleted, the users that were imported stay. A batch in
    /// progress is completed. Repeating the call changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when it is done or has failed.
    pub async fn cancel_user_import(&self, actor: &Actor, account: AccountId, id: UserImportId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            // First, as in the worker: from here on nobody else ends it.
            let was_open = user_import_queue::remove(conn, account, id)?;
            still_may(conn, &actor, Needs::In(account, Permission::UserPermissions), now)?;
            let import = find(conn, account, id)?;
            if was_open {
                user_import_batches::delete_all(conn, account, id)?;
                user_imports::finish(conn, account, id, ImportStatus::Cancelled, None, now)?;
                audit.record(account, tally_of(&import, actor.did(Action::UserImportCancelled).on(&import)));
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
        })
        .await
    }
}
