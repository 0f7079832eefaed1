//! `POST /v1/accounts/{account_id}/bulk-jobs/{job_id}/actions/cancel`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use super::view::{BulkJob, BulkJobPath};
use crate::{
    app::App,
    extract::{Guarded, PathId, Then, UserPermissions},
    problem::{
        Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED);

/// Cancel a bulk job
///
/// What was done so far remains; no further users are processed. Cancelling a job that was cancelled or has ended
/// changes nothing. Requires `user_permissions`.
#[utoipa::path(
    tag = "bulk-jobs",
    security(("accessToken" = [])),
    params(BulkJobPath),
    responses((status = 200, description = "The current state of the job.", body = BulkJob), Problems),
)]
#[post("/v1/accounts/{account_id}/bulk-jobs/{job_id}/actions/cancel")]
pub async fn cancel_bulk_job(
    app: Data<App>,
    Then(by, PathId(job)): Then<Guarded<UserPermissions>, PathId<entity::BulkJob>>,
) -> Result<HttpResponse> {
    let view = app.service.cancel_bulk_job(&by.actor, by.account_id, job).await?;
    Ok(HttpResponse::Ok().json(BulkJob::from(view)))
}
