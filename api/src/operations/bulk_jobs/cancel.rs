//! `POST /v1/accounts/{account_id}/bulk-jobs/{job_id}/actions/cancel`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use super::view::{BulkJob, BulkJobPath};
use crate::{
    app::App,
    extract::{Guarded, PathId, Then, UserPermissions},
    openapi::problems,
    problem::Result,
};

type Args = Then<Guarded<UserPermissions>, PathId<entity::BulkJob>>;

problems!(Problems = Args);

/// Cancel a bulk job
///
/// What was done so far remains; no further users are processed. Cancelling a job that was cancelled or has ended
/// changes nothing.
#[utoipa::path(
    tag = "bulk-jobs",
    params(BulkJobPath),
    responses((status = 200, description = "The current state of the job.", body = BulkJob), Problems),
)]
#[post("/v1/accounts/{account_id}/bulk-jobs/{job_id}/actions/cancel")]
pub async fn cancel_bulk_job(app: Data<App>, Then(by, PathId(job)): Args) -> Result<HttpResponse> {
    let view = app.service.cancel_bulk_job(&by, job).await?;
    Ok(HttpResponse::Ok().json(BulkJob::from(view)))
}
