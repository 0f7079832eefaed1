//! Cancels a job.

use kernel::{AccountId, BulkJobId};
use permissions::Permission;
use store::tables::jobs::bulk_jobs::{self, JobStatus};

use super::{BulkJobView, read::find};
use crate::{
    authority::acting::{Needs, still_may},
    base::{audit::Action, error::Result, model::Actor, service::Service},
};

impl Service {
    /// Cancels the job: what has been done stays, the other users are skipped. Repeating the call, or cancelling a job
    /// that has ended, changes nothing.
    pub async fn cancel_bulk_job(&self, actor: &Actor, account: AccountId, id: BulkJobId) -> Result<BulkJobView> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            // The job is locked before the user, as in the worker: this waits for the users who are being processed.
            let stopped = bulk_jobs::end(conn, account, id, JobStatus::Cancelled, None, now)?;
            still_may(conn, &actor, Needs::In(account, Permission::UserPermissions), now)?;
            let job = find(conn, account, id)?;
            if stopped {
                audit.record(account, super::start::event(&actor, Action::BulkJobCancelled, &job)?);
            }
            BulkJobView::of(&job)
        })
        .await
    }
}
