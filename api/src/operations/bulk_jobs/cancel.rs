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
/// What has been done stays, and nobody else is acted upon. Cancelling a job again, or one that has ended, changes nothing.
/// Needs `user_permissions`.
#[utoipa::path(
    tag = "bulk-jobs",
    security(("accessToken" = [])),
    params(BulkJobPath),
    responses((status = 200, description = "The job as it is now.", body = BulkJob), Problems),
)]
#[post("/v1/accounts/{account_id}/bulk-jobs/{job_id}/actions/cancel")]
pub async fn cancel_bulk_job(
    app: Data<App>,
    Then(by, PathId(job)): Then<Guarded<UserPermissions>, PathId<entity::BulkJob>>,
) -> Result<HttpResponse> {
    let view = app.service.cancel_bulk_job(&by.actor, by.account_id, job).await?;
    Ok(HttpResponse::Ok().json(BulkJob::from(view)))
}
