//! `POST /v1/accounts/{account_id}/users:bulk/preview`

use actix_web::{HttpResponse, post, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::{BODY_KIB, draft::StartBulkJob};
use crate::{
    app::App,
    extract::{Body, Guarded, NoQuery, Then, UserPermissions},
    openapi::problems,
    operations::views::AccountPath,
    problem::{Code, Result},
};

/// How many users a job would cover.
#[derive(Serialize, ToSchema)]
pub struct BulkJobPreview {
    /// The action that would be done to each user.
    #[schema(examples("require_password_change"))]
    action: String,
    /// How many users the job would cover right now.
    #[schema(examples(1000))]
    total: u32,
}

type Args = Then<Guarded<UserPermissions>, (NoQuery, Body<StartBulkJob, BODY_KIB>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Preview a bulk job
///
/// Counts the users that `POST …/users:bulk` with the same body would cover right now, and rejects what would be
/// rejected there. Starts no job and changes nothing. The body can have up to 512 KiB.
#[utoipa::path(
    tag = "bulk-jobs",
    params(AccountPath),
    request_body(content = StartBulkJob, example = json!({
        "action": "require_password_change",
        "filter": { "status": "active", "q": "ann" },
    })),
    responses((status = 200, description = "The number of users.", body = BulkJobPreview), Problems),
)]
#[post("/v1/accounts/{account_id}/users:bulk/preview")]
pub async fn preview_bulk_job(app: Data<App>, Then(by, (NoQuery, Body(draft))): Args) -> Result<HttpResponse> {
    let request = draft.request()?;
    let action = request.action.as_str().to_owned();
    let total = app.service.preview_bulk_job(&by, request).await?;
    Ok(HttpResponse::Ok().json(BulkJobPreview { action, total }))
}
