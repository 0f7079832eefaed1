//! `GET /v1/accounts/{account_id}/bulk-jobs/{job_id}`

use actix_web::{HttpResponse, get, web::Data};
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

/// Get a bulk job
///
/// Shows the job's progress. Poll until `finished_at` is set. A job can be read for 30 days after it ends.
#[utoipa::path(
    tag = "bulk-jobs",
    params(BulkJobPath),
    responses((status = 200, description = "The job.", body = BulkJob), Problems),
)]
#[get("/v1/accounts/{account_id}/bulk-jobs/{job_id}")]
pub async fn get_bulk_job(app: Data<App>, Then(by, PathId(job)): Args) -> Result<HttpResponse> {
    let view = app.service.read_bulk_job(&by, job).await?;
    Ok(HttpResponse::Ok().json(BulkJob::from(view)))
}
