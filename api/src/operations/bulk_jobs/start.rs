//! `POST /v1/accounts/{account_id}/users:bulk`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};

use super::{BODY_KIB, draft::StartBulkJob, view::BulkJob};
use crate::{
    app::App,
    extract::{Body, Fresh, Guarded, IdempotencyKey, NoQuery, Then, UserPermissions},
    openapi::problems,
    operations::views::{AccountPath, IdempotencyKeyHeader},
    problem::{Code, Result},
};

type Args = Then<Guarded<UserPermissions, Fresh>, (NoQuery, IdempotencyKey, Body<StartBulkJob, BODY_KIB>)>;

problems!(Problems = Args, &[Code::Conflict]);

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
        Problems,
    ),
)]
#[post("/v1/accounts/{account_id}/users:bulk")]
pub async fn start_bulk_job(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (NoQuery, key, Body(draft))): Args,
) -> Result<HttpResponse> {
    let request = draft.request()?;
    let view = app.service.start_bulk_job(&by, request, key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}/bulk-jobs/{}", by.account_id(), view.id);
    Ok(HttpResponse::Accepted().insert_header((LOCATION, location)).json(BulkJob::from(view)))
}
