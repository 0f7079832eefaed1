//! Bulk jobs of an account: `/v1/accounts/{account_id}/bulk-jobs`

use actix_web::{HttpRequest, HttpResponse, get, post, web::Data};
use chrono::{DateTime, Utc};
use kernel::{RoleId, entity};
use serde::Serialize;
use service::{BulkCreator, BulkJobView};
use utoipa::ToSchema;
use uuid::Uuid;

use super::filter::UserFilter;
use crate::{
    app::App,
    extract::{Guarded, Paging, PathId, Query, Then, UserPermissions},
    openapi::problems,
    operations::views::{AccountPath, BulkJobPath, paged},
    problem::Result,
};

/// One action on many users, and its progress.
#[derive(Serialize, ToSchema)]
pub struct BulkJob {
    /// The id.
    #[schema(examples("01997f63-0c1d-7b52-8e77-51a2c3d4e5f6"))]
    id: Uuid,
    /// The account.
    #[schema(examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    account_id: Uuid,
    /// The action that is done to each user, as requested.
    #[schema(examples("require_password_change"))]
    action: String,
    /// The filter that selects the users; absent if they were listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<HashMap<String, Value>>, nullable = false, examples(json!({ "status": "active" })))]
    filter: Option<UserFilter>,
    /// The roles to assign or remove.
    #[schema(examples(json!([])))]
    role_ids: Vec<Uuid>,
    /// The permissions to grant or revoke.
    #[schema(examples(json!([])))]
    permissions: Vec<String>,
    /// `queued`, `running`, `finished`, `cancelled` or `failed`. More values may be added.
    #[schema(examples("running"))]
    status: String,
    /// With `failed`: why the job failed. What was done before remains.
    #[schema(required = true, examples(json!(null)))]
    failure: Option<String>,
    /// How many users the job covers. Null while the users that match the filter are being collected; the job acts on
    /// nobody before that is complete.
    #[schema(required = true, examples(1000))]
    total: Option<u32>,
    /// How many users have been processed so far: `succeeded`, `unchanged` and `failed` together.
    #[schema(examples(250))]
    done: u32,
    /// For how many users the action succeeded.
    #[schema(examples(240))]
    succeeded: u32,
    /// For how many users there was nothing to do.
    #[schema(examples(8))]
    unchanged: u32,
    /// For how many users the action failed; see `/outcomes`.
    #[schema(examples(2))]
    failed: u32,
    /// With `cancelled` and `failed`: how many users were not processed and will not be.
    #[schema(examples(0))]
    skipped: u32,
    /// Who started the job. The job acts on their behalf.
    created_by: BulkCreator,
    /// When the job was created.
    #[schema(examples("2026-03-01T12:00:00Z"))]
    created_at: DateTime<Utc>,
    /// When the job began to run.
    #[schema(required = true, examples("2026-03-01T12:00:01Z"))]
    started_at: Option<DateTime<Utc>>,
    /// When the job finished, failed or was cancelled.
    #[schema(required = true, examples(json!(null)))]
    finished_at: Option<DateTime<Utc>>,
}

impl From<BulkJobView> for BulkJob {
    fn from(view: BulkJobView) -> Self {
        Self {
            id: view.id.as_uuid(),
            account_id: view.account_id.as_uuid(),
            action: view.action.as_str().to_owned(),
            filter: view.filter.map(UserFilter::from),
            role_ids: view.action.role_ids().iter().copied().map(RoleId::as_uuid).collect(),
            permissions: view.action.permissions().to_vec(),
            status: view.status,
            failure: view.failure,
            total: view.total,
            done: view.done,
            succeeded: view.succeeded,
            unchanged: view.unchanged,
            failed: view.failed,
            skipped: view.skipped,
            created_by: view.created_by,
            created_at: view.created_at,
            started_at: view.started_at,
            finished_at: view.finished_at,
        }
    }
}

/// A page of bulk jobs.
#[derive(Serialize, ToSchema)]
pub struct BulkJobPage {
    /// The jobs, newest first.
    items: Vec<BulkJob>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjMtMGMxZC03YjUyLThlNzctNTFhMmMzZDRlNWY2"))]
    next_cursor: Option<String>,
}

type ListArgs = Then<Guarded<UserPermissions>, Query<Paging>>;

problems!(ListProblems = ListArgs);

/// List the bulk jobs of an account
///
/// Jobs that are waiting or running and those that ended within the last 30 days, newest first.
#[utoipa::path(
    tag = "bulk-jobs",
    params(AccountPath, Paging),
    responses((status = 200, description = "A page of jobs.", body = BulkJobPage, headers(("Link"))), ListProblems),
)]
#[get("/v1/accounts/{account_id}/bulk-jobs")]
pub async fn list_bulk_jobs(
    app: Data<App>,
    http: HttpRequest,
    Then(by, Query(paging)): ListArgs,
) -> Result<HttpResponse> {
    let page = app.service.list_bulk_jobs(&by, paging.after()?, paging.limit()).await?;
    Ok(paged(&http, page, |items, next_cursor| BulkJobPage {
        items: items.into_iter().map(BulkJob::from).collect(),
        next_cursor,
    }))
}

type GetArgs = Then<Guarded<UserPermissions>, PathId<entity::BulkJob>>;

problems!(GetProblems = GetArgs);

/// Get a bulk job
///
/// Shows the job's progress. Poll until `finished_at` is set. A job can be read for 30 days after it ends.
#[utoipa::path(
    tag = "bulk-jobs",
    params(BulkJobPath),
    responses((status = 200, description = "The job.", body = BulkJob), GetProblems),
)]
#[get("/v1/accounts/{account_id}/bulk-jobs/{job_id}")]
pub async fn get_bulk_job(app: Data<App>, Then(by, PathId(job)): GetArgs) -> Result<HttpResponse> {
    let view = app.service.read_bulk_job(&by, job).await?;
    Ok(HttpResponse::Ok().json(BulkJob::from(view)))
}

type CancelArgs = Then<Guarded<UserPermissions>, PathId<entity::BulkJob>>;

problems!(CancelProblems = CancelArgs);

/// Cancel a bulk job
///
/// What was done so far remains; no further users are processed. Cancelling a job that was cancelled or has ended
/// changes nothing.
#[utoipa::path(
    tag = "bulk-jobs",
    params(BulkJobPath),
    responses((status = 200, description = "The current state of the job.", body = BulkJob), CancelProblems),
)]
#[post("/v1/accounts/{account_id}/bulk-jobs/{job_id}/actions/cancel")]
pub async fn cancel_bulk_job(app: Data<App>, Then(by, PathId(job)): CancelArgs) -> Result<HttpResponse> {
    let view = app.service.cancel_bulk_job(&by, job).await?;
    Ok(HttpResponse::Ok().json(BulkJob::from(view)))
}
