//! What became of each user of a job.

use std::collections::HashMap;

use kernel::{AccountId, BulkJobId, UserId};
use store::{
    Conn,
    tables::{
        directory::users,
        jobs::{
            bulk_job_users::{self, MemberOutcome, Outcome},
            bulk_jobs::{BulkJob, JobStatus},
        },
    },
};

use super::read::find;
use crate::base::{
    error::Result,
    model::{Page, one_more},
    service::Service,
};

/// Which users of a job to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkOutcomeFilter {
    /// To whom it was done.
    Succeeded,
    /// For whom there was nothing to do.
    Unchanged,
    /// To whom it could not be done.
    Failed,
    /// At whom nobody has looked yet.
    Waiting,
    /// At whom nobody will look any more, since the job was cancelled or has failed.
    Skipped,
}

/// A user of a job, and what became of the user.
#[derive(Clone, Debug)]
pub struct BulkOutcomeView {
    /// The user, who may be gone.
    pub user_id: UserId,
    /// The name: of the moment when it was done, or of today where it was not; `None` when the user was gone.
    pub username: Option<String>,
    /// `succeeded`, `unchanged`, `failed`, `waiting` or `skipped`.
    pub outcome: &'static str,
    /// Of one that failed: what programs switch on.
    pub code: Option<String>,
    /// Of one that failed: what people read.
    pub message: Option<String>,
}

impl Service {
    /// Up to `limit` users of the job after `after`, in the order of ids. There are none before all have been collected.
    pub async fn list_bulk_job_outcomes(
        &self,
        account: AccountId,
        id: BulkJobId,
        only: Option<BulkOutcomeFilter>,
        after: Option<UserId>,
        limit: u16,
    ) -> Result<Page<BulkOutcomeView, UserId>> {
        self.store
            .read(move |conn| {
                let job = find(conn, account, id)?;
                if !can_be(&job, only) {
                    return Ok(Page { items: Vec::new(), next: None });
                }
                let outcome = only.map(kept_as);
                let found = bulk_job_users::page(conn, account, id, outcome, after, one_more(limit))?;
                let page = Page::of(found, limit.into(), |member| member.user);
                Ok(Page { items: views(conn, &job, page.items)?, next: page.next })
            })
            .await
    }
}

/// Whether there can be such users: not before all are collected, nor waiting when the job is over, nor skipped before.
const fn can_be(job: &BulkJob, only: Option<BulkOutcomeFilter>) -> bool {
    let right_time = match only {
        Some(BulkOutcomeFilter::Waiting) => job.status.is_open(),
        Some(BulkOutcomeFilter::Skipped) => !job.status.is_open(),
        Some(BulkOutcomeFilter::Succeeded | BulkOutcomeFilter::Unchanged | BulkOutcomeFilter::Failed) | None => true,
    };
    job.total.is_some() && right_time
}

/// What the rows of these users say.
const fn kept_as(only: BulkOutcomeFilter) -> Outcome {
    match only {
        BulkOutcomeFilter::Succeeded => Outcome::Succeeded,
        BulkOutcomeFilter::Unchanged => Outcome::Unchanged,
        BulkOutcomeFilter::Failed => Outcome::Failed,
        BulkOutcomeFilter::Waiting | BulkOutcomeFilter::Skipped => Outcome::Waiting,
    }
}

fn views(conn: &mut Conn, job: &BulkJob, members: Vec<MemberOutcome>) -> Result<Vec<BulkOutcomeView>> {
    let unnamed: Vec<UserId> =
        members.iter().filter(|member| member.outcome == Outcome::Waiting).map(|member| member.user).collect();
    let unnamed = users::by_ids(conn, job.account_id, &unnamed)?;
    let mut names: HashMap<UserId, String> = unnamed.into_iter().map(|user| (user.id, user.username)).collect();
    let view = |member: MemberOutcome| BulkOutcomeView {
        user_id: member.user,
        username: member.username.or_else(|| names.remove(&member.user)),
        outcome: shown(member.outcome, job.status),
        code: member.code,
        message: member.message,
    };
    Ok(members.into_iter().map(view).collect())
}

/// The name of an outcome in the API: who waits for a job that is over waits no more.
const fn shown(outcome: Outcome, status: JobStatus) -> &'static str {
    match outcome {
        Outcome::Waiting if !status.is_open() => "skipped",
        Outcome::Waiting | Outcome::Succeeded | Outcome::Unchanged | Outcome::Failed => outcome.as_str(),
    }
}
