//! Cancels a job.

use kernel::BulkJobId;
use permissions::UserPermissions;
use store::tables::jobs::bulk_jobs::{self, JobStatus};

use super::{BulkJobView, read::find, start::event};
use crate::{
    authority::{acting::Acting, allowed::Allowed},
    base::{audit::Action, error::Result, service::Service},
};

impl Service {
    /// Cancels the job: what has been done stays, the other users are skipped. Repeating the call, or cancelling a job
    /// that has ended, changes nothing.
    pub async fn cancel_bulk_job(&self, by: &Allowed<UserPermissions>, id: BulkJobId) -> Result<BulkJobView> {
        self.act_after(
            by,
            // The job is locked before the user, as in the worker: this waits for the users who are being processed.
            move |tx, account| Ok(bulk_jobs::end(tx.conn, account, id, JobStatus::Cancelled, None, tx.now)?),
            move |Acting { tx, by, .. }, account, stopped| {
                let job = find(tx.conn, account.id, id)?;
                if stopped {
                    tx.record(account.id, event(by, Action::BulkJobCancelled, &job)?);
                }
                BulkJobView::of(&job)
            },
        )
        .await
    }
}
