//! `GET /v1/accounts/{account_id}/bulk-jobs/{job_id}`

use actix_web::{HttpResponse, get, web::Data};
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

/// Get a bulk job
///
/// Shows the job's progress. Poll until `finished_at` is set. A job can be read for 30 days after it ends. Requires
/// `user_permissions`.
#[utoipa::path(
    tag = "bulk-jobs",
    security(("accessToken" = [])),
    params(BulkJobPath),
    responses((status = 200, description = "The job.", body = BulkJob), Problems),
)]
#[get("/v1/accounts/{account_id}/bulk-jobs/{job_id}")]
pub async fn get_bulk_job(
    app: Data<App>,
    Then(by, PathId(job)): Then<Guarded<UserPermissions>, PathId<entity::BulkJob>>,
) -> Result<HttpResponse> {
    let view = app.service.read_bulk_job(by.account_id, job).await?;
    Ok(HttpResponse::Ok().json(BulkJob::from(view)))
}
