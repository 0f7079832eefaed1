//! The view of a job that the API returns.

use kernel::{AccountId, BulkJobId, Time};
use serde::{Deserialize, Serialize};
use store::tables::jobs::bulk_jobs::{BulkJob, JobStatus};
use utoipa::ToSchema;

use super::{BulkAction, creator::Creator, start::Parameters};
use crate::{
    base::error::{Error, Result},
    directory::users::UserQuery,
};

/// Who started a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BulkJobCreator)]
pub struct BulkCreator {
    /// `user` or `api_key`. More values may be added.
    #[schema(examples("user"))]
    pub kind: String,
    /// Id of the user or API key.
    #[schema(value_type = Uuid, examples("01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"))]
    pub id: String,
    /// Name at that time.
    #[schema(examples("ann"))]
    pub name: String,
}

/// A job as the API returns it. Serializable so that a first reply can be stored for its idempotency key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BulkJobView {
    /// The id.
    pub id: BulkJobId,
    /// The account.
    pub account_id: AccountId,
    /// What is done to each user.
    pub action: BulkAction,
    /// The filter of its users; `None`: they were listed.
    pub filter: Option<UserQuery>,
    /// `queued`, `running`, `finished`, `cancelled` or `failed`.
    pub status: String,
    /// Why it failed.
    pub failure: Option<String>,
    /// How many users it has; `None`: they are still being collected, or it ended before all were.
    pub total: Option<u32>,
    /// How many users were processed so far.
    pub done: u32,
    /// For how many it was done.
    pub succeeded: u32,
    /// For how many there was nothing to do.
    pub unchanged: u32,
    /// For how many it failed.
    pub failed: u32,
    /// How many will not be processed.
    pub skipped: u32,
    /// The caller on whose behalf it works.
    pub created_by: BulkCreator,
    /// When it was ordered.
    pub created_at: Time,
    /// When processing began.
    pub started_at: Option<Time>,
    /// When it ended.
    pub finished_at: Option<Time>,
}

impl BulkJobView {
    /// The view of `job`.
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
    /// The parameters of `job`.
    pub(super) fn of(job: &BulkJob) -> Result<Self> {
        let read = serde_json::from_str(&job.parameters);
        read.map_err(|why| Error::Internal(format!("the parameters of bulk job {}: {why}", job.id)))
    }
}
