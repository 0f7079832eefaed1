//! A job as others see it.

use kernel::{AccountId, BulkJobId, Time};
use serde::{Deserialize, Serialize};
use store::tables::jobs::bulk_jobs::{BulkJob, JobStatus};

use super::{BulkAction, creator::Creator, start::Parameters};
use crate::{
    base::error::{Error, Result},
    directory::users::UserQuery,
};

/// On whose behalf a job works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkCreator {
    /// `user` or `api_key`.
    pub kind: String,
    /// The id of the user or of the key.
    pub id: String,
    /// The name at that moment.
    pub name: String,
}

/// A job as others see it. Serialisable so that a first reply can be kept for its idempotency key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BulkJobView {
    /// The id.
    pub id: BulkJobId,
    /// The account.
    pub account_id: AccountId,
    /// What is done to each user.
    pub action: BulkAction,
    /// Whom the users have to fit; `None`: they were listed.
    pub filter: Option<UserQuery>,
    /// `queued`, `running`, `finished`, `cancelled` or `failed`.
    pub status: String,
    /// Why it failed.
    pub failure: Option<String>,
    /// How many users it is about; `None`: they are still being collected, or it ended before all were.
    pub total: Option<u32>,
    /// How many users were looked at so far.
    pub done: u32,
    /// To how many it was done.
    pub succeeded: u32,
    /// For how many there was nothing to do.
    pub unchanged: u32,
    /// To how many it could not be done.
    pub failed: u32,
    /// At how many nobody will look any more.
    pub skipped: u32,
    /// On whose behalf.
    pub created_by: BulkCreator,
    /// When it was ordered.
    pub created_at: Time,
    /// When somebody began.
    pub started_at: Option<Time>,
    /// When it ended.
    pub finished_at: Option<Time>,
}

impl BulkJobView {
    /// How `job` looks.
    pub(super) fn of(job: &BulkJob) -> Result<Self> {
        let Parameters { action, filter } = Parameters::of(job)?;
        let done = job.tally.done();
        let skipped = match job.status {
            JobStatus::Cancelled | JobStatus::Failed => job.total.unwrap_or(0).saturating_sub(done),
            JobStatus::Queued | JobStatus::Running | JobStatus::Finished => 0,
        };
        Ok(Self {
            id: job.id,
            account_id: job.account_id,
            action,
            filter,
            status: job.status.as_str().to_owned(),
            failure: job.failure.clone(),
            total: job.total,
            done,
            succeeded: job.tally.succeeded,
            unchanged: job.tally.unchanged,
            failed: job.tally.failed,
            skipped,
            created_by: Creator::of(job)?.view(),
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        })
    }
}

impl Parameters {
    /// What `job` is to do.
    pub(super) fn of(job: &BulkJob) -> Result<Self> {
        let read = serde_json::from_str(&job.parameters);
        read.map_err(|why| Error::Internal(format!("the parameters of bulk job {}: {why}", job.id)))
    }
}
