//! `POST /v1/accounts/{account_id}/users:bulk`

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, post, web::Data};

use super::{BODY_KIB, draft::StartBulkJob, view::BulkJob};
use crate::{
    app::App,
    extract::{Body, Fresh, Guarded, IdempotencyKey, NoQuery, Then, UserPermissions},
    operations::views::{AccountPath, IdempotencyKeyHeader},
    problem::{
        Code, Result,
        document::{BODY, GUARDED, problems},
    },
};

problems!(Problems = GUARDED, BODY, &[Code::ReauthenticationRequired, Code::Conflict, Code::IdempotencyKeyReused]);

/// Do something to many users
///
/// Takes one action for up to 10,000 listed users, or for all users that a filter finds, and does it in the background. To
/// count them first, send the same body to `…/users:bulk/preview`. Who means every user of the account sends the filter
/// `{"all": true}`; a filter that says nothing is refused. Ask
/// `GET …/bulk-jobs/{job_id}` how far it has come, and `…/outcomes` what became of each user. The body may have up to
/// 512 KiB. Jobs of an account are done one after the other, in their order; ten may wait or be under way.
///
/// Each user is treated as the action on one user would: what you may not do to somebody, what would leave nobody
/// in the account with a permission of ours, and what would give somebody more than 100 roles, fails for that user, and the others are done. You yourself come last. The job goes on when
/// your session ends, and fails when you are disabled or lose `user_permissions`.
///
/// `send_activation` makes codes that wait, sealed, until you take them with `…/actions/take-activations`. With `send_mail`
/// their users get them by mail, too, which is a `conflict` where the operator has set no mail server.
///
/// Needs `user_permissions` and a recent proof of who you are.
#[utoipa::path(
    tag = "bulk-jobs",
    security(("accessToken" = [])),
    params(AccountPath, IdempotencyKeyHeader),
    request_body(content = StartBulkJob, example = json!({
        "action": "require_password_change",
        "filter": { "status": "active", "q": "ann" },
    })),
    responses(
        (status = 202, description = "The job is taken.", body = BulkJob,
            headers(("Location" = String, description = "Where the job can be watched."))),
        Problems,
    ),
)]
#[post("/v1/accounts/{account_id}/users:bulk")]
pub async fn start_bulk_job(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (NoQuery, key, Body(draft))): Then<
        Guarded<UserPermissions, Fresh>,
        (NoQuery, IdempotencyKey, Body<StartBulkJob, BODY_KIB>),
    >,
) -> Result<HttpResponse> {
    let request = draft.request()?;
    let view = app.service.start_bulk_job(&by.actor, by.account_id, request, key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}/bulk-jobs/{}", by.account_id, view.id);
    Ok(HttpResponse::Accepted().insert_header((LOCATION, location)).json(BulkJob::from(view)))
}
