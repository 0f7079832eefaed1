//! `POST /v1/accounts/{account_id}/bulk-jobs/{job_id}/actions/take-activations`

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use kernel::entity;
use serde::Serialize;
use service::{TakenActivation, TakenActivations};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    extract::{Fresh, Guarded, IdempotencyKey, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::{BulkJobPath, IdempotencyKeyHeader},
    problem::{Code, Result},
};

/// Activation codes of a job. Each is shown only once.
#[derive(Serialize, ToSchema)]
pub struct BulkActivations {
    /// Up to 1,000 codes, ordered by user id.
    items: Vec<BulkActivation>,
    /// Whether more codes are waiting. While the job is running, more may follow.
    more: bool,
}

/// The activation code of a user.
#[derive(Serialize, ToSchema)]
pub struct BulkActivation {
    /// The user.
    #[schema(examples("01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"))]
    user_id: Uuid,
    /// The username when the code was created.
    #[schema(examples("ann"))]
    username: String,
    /// The code. Give it to the user, who exchanges it for a password at `POST /v1/activations`.
    #[schema(format = Password, examples("lk_act_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"))]
    code: String,
    /// When the code expires.
    #[schema(examples("2026-03-08T12:00:00Z"))]
    expires_at: DateTime<Utc>,
}

impl From<TakenActivation> for BulkActivation {
    fn from(taken: TakenActivation) -> Self {
        let TakenActivation { user_id, username, code, expires_at } = taken;
        Self { user_id: user_id.as_uuid(), username, code, expires_at }
    }
}

type Args = Then<Guarded<UserPermissions, Fresh>, (PathId<entity::BulkJob>, IdempotencyKey)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Take the activation codes of a bulk job
///
/// Returns up to 1,000 of the codes that a `send_activation` job created, each only once. Repeat while `more` is true.
/// Send an `Idempotency-Key` so that no codes are lost if a reply is lost. Only whoever started the job can take the
/// codes, because anybody with a code can take over its user. Codes that nobody takes are deleted after they expire.
#[utoipa::path(
    tag = "bulk-jobs",
    params(BulkJobPath, IdempotencyKeyHeader),
    responses((status = 200, description = "The codes; empty if none are waiting.", body = BulkActivations), Problems),
)]
#[post("/v1/accounts/{account_id}/bulk-jobs/{job_id}/actions/take-activations")]
pub async fn take_bulk_activations(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (PathId(job), key)): Args,
) -> Result<HttpResponse> {
    let key = key.bound_to(&http);
    let TakenActivations { items, more } = app.service.take_bulk_activations(&by, job, key).await?;
    let items = items.into_iter().map(BulkActivation::from).collect();
    Ok(HttpResponse::Ok().json(BulkActivations { items, more }))
}
