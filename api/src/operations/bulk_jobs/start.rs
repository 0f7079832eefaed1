//! Starting a bulk job: `/v1/accounts/{account_id}/users:bulk`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::{BODY_KIB, draft::StartBulkJob, job::BulkJob};
use crate::{
    app::App,
    extract::{Body, Fresh, Guarded, IdempotencyKey, NoQuery, Then, UserPermissions},
    openapi::problems,
    operations::views::{AccountPath, IdempotencyKeyHeader},
    problem::{Code, Result},
};

type StartArgs = Then<Guarded<UserPermissions, Fresh>, (NoQuery, IdempotencyKey, Body<StartBulkJob, BODY_KIB>)>;

problems!(StartProblems = StartArgs, &[Code::Conflict]);

/// Start a bulk job
///
/// Performs one action on up to 10,000 listed users, or on all users that match a filter, in the background. To count
/// them first, send the same body to `…/users:bulk/preview`. To select every user of the account, send the filter
/// `{"all": true}`; an empty filter is rejected. `GET …/bulk-jobs/{job_id}` shows the progress, and `…/outcomes` the
/// result for each user. The body can have up to 512 KiB. The jobs of an account run one after another, in order; up to
/// 10 can be waiting or running.
///
/// Each user is treated as if you called the action for that user alone. The action fails for a user if you may not do
/// it to that user, if it would leave the account without a holder of a built-in permission, or if it would give the
/// user more than 100 roles. The job then continues with the other users. If you are among the users, you come last.
/// The job continues when your session ends, and fails if you are disabled or lose `user_permissions`.
///
/// `send_activation` creates codes that are stored encrypted until you take them with `…/actions/take-activations`.
/// With `send_mail`, the users also get them by email. If the operator has not configured a mail server, `send_mail`
/// fails with `conflict`.
#[utoipa::path(
    tag = "bulk-jobs",
    params(AccountPath, IdempotencyKeyHeader),
    request_body(content = StartBulkJob, example = json!({
        "action": "require_password_change",
        "filter": { "status": "active", "q": "ann" },
    })),
    responses(
        (status = 202, description = "The job was accepted.", body = BulkJob,
            headers(("Location" = String, description = "The path of the job."))),
        StartProblems,
    ),
)]
#[post("/v1/accounts/{account_id}/users:bulk")]
pub async fn start_bulk_job(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (NoQuery, key, Body(draft))): StartArgs,
) -> Result<HttpResponse> {
    let request = draft.request()?;
    let view = app.service.start_bulk_job(&by, request, key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}/bulk-jobs/{}", by.account_id(), view.id);
    Ok(HttpResponse::Accepted().insert_header((LOCATION, location)).json(BulkJob::from(view)))
}

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

type PreviewArgs = Then<Guarded<UserPermissions>, (NoQuery, Body<StartBulkJob, BODY_KIB>)>;

problems!(PreviewProblems = PreviewArgs, &[Code::Conflict]);

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
    responses((status = 200, description = "The number of users.", body = BulkJobPreview), PreviewProblems),
)]
#[post("/v1/accounts/{account_id}/users:bulk/preview")]
pub async fn preview_bulk_job(app: Data<App>, Then(by, (NoQuery, Body(draft))): PreviewArgs) -> Result<HttpResponse> {
    let request = draft.request()?;
    let action = request.action.as_str().to_owned();
    let total = app.service.preview_bulk_job(&by, request).await?;
    Ok(HttpResponse::Ok().json(BulkJobPreview { action, total }))
}
