//! Lists the outcome of a job for each user.

use std::collections::HashMap;

use kernel::{BulkJobId, UserId};
use permissions::UserPermissions;
use serde::Serialize;
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
use utoipa::ToSchema;

use super::read::find;
use crate::{
    authority::allowed::Allowed,
    base::{
        error::Result,
        model::{Page, one_more},
        service::Service,
    },
};

/// Which users of a job to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkOutcomeFilter {
    /// The users that it succeeded for.
    Succeeded,
    /// For whom there was nothing to do.
    Unchanged,
    /// The users that it failed for.
    Failed,
    /// Who were not processed yet.
    Waiting,
    /// Who will not be processed, since the job was cancelled or has failed.
    Skipped,
}

/// The outcome for one user.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BulkJobOutcome)]
pub struct BulkOutcomeView {
    /// The user, who may have been deleted.
    #[schema(value_type = String, format = Uuid, examples("01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"))]
    pub user_id: UserId,
    /// The username when the user was processed, or the current one if that has not happened yet; null if the user was
    /// deleted before.
    #[schema(required = true, examples("ann"))]
    pub username: Option<String>,
    /// `succeeded`, `unchanged`, `failed`, `waiting` or `skipped`. More values may be added.
    #[schema(value_type = String, examples("failed"))]
    pub outcome: &'static str,
    /// With `failed`, the code for programs: `not_found`, `permission_required`, `conflict`, `platform_only`,
    /// `validation_failed`, `too_many_requests` or `internal_error`. More values may be added.
    #[schema(required = true, examples("conflict"))]
    pub code: Option<String>,
    /// With `failed`: the reason.
    #[schema(
        required = true,
        examples(
            "nobody would be left in the account who holds user_permissions and can sign in; grant it to another user \
             first"
        )
    )]
    pub message: Option<String>,
}

impl Service {
    /// Up to `limit` users of the job after `after`, in the order of ids. Empty until all have been collected.
    pub async fn list_bulk_job_outcomes(
        &self,
        by: &Allowed<UserPermissions>,
        id: BulkJobId,
        only: Option<BulkOutcomeFilter>,
        after: Option<UserId>,
        limit: u16,
    ) -> Result<Page<BulkOutcomeView, UserId>> {
        let account = by.account_id();
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

/// Whether there can be such users: none before all are collected, none waiting after the job has ended, none skipped
/// before that.
const fn can_be(job: &BulkJob, only: Option<BulkOutcomeFilter>) -> bool {
    let right_time = match only {
        Some(BulkOutcomeFilter::Waiting) => job.status.is_open(),
        Some(BulkOutcomeFilter::Skipped) => !job.status.is_open(),
        Some(BulkOutcomeFilter::Succeeded | BulkOutcomeFilter::Unchanged | BulkOutcomeFilter::Failed) | None => true,
    };
    job.total.is_some() && right_time
}

/// The outcome that the rows of these users have.
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

/// The name of an outcome in the API: users who still wait after the job has ended are shown as skipped.
const fn shown(outcome: Outcome, status: JobStatus) -> &'static str {
    match outcome {
        Outcome::Waiting if !status.is_open() => "skipped",
        Outcome::Waiting | Outcome::Succeeded | Outcome::Unchanged | Outcome::Failed => outcome.as_str(),
    }
}
