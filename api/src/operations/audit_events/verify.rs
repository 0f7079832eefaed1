//! `GET /v1/accounts/{account_id}/audit-events/verify`

use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use service::AuditVerification;
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::{AuditRead, Guarded},
    openapi::problems,
    operations::views::AccountPath,
    problem::Result,
};

/// Result of verifying an account's chain of events.
#[derive(Serialize, ToSchema)]
pub struct AuditVerified {
    /// Whether every event is unchanged and in its place, and none is missing.
    is_intact: bool,
    /// How many events are unchanged, counting from the first.
    #[schema(minimum = 0, examples(1204))]
    intact: i64,
    /// Sequence number of the first event that was changed or is missing; null if there is none.
    #[schema(required = true, minimum = 1, examples(17))]
    first_broken: Option<i64>,
    /// What is wrong there: `altered` (this event or the one before it was changed), `gap` (events were removed,
    /// inserted or reordered) or `cut_off` (the last events are missing); null if nothing is wrong.
    #[schema(required = true, examples("altered"))]
    broken: Option<&'static str>,
    /// Sequence number of the last event; 0 if there is none.
    #[schema(minimum = 0, examples(1204))]
    head_sequence: i64,
    /// Hash of the last event. Keep a copy elsewhere: somebody who can write to the database could rewrite the whole
    /// chain, but not into one that contains the hash you kept.
    #[schema(examples("24b291bd36654eef72013b06acac2b389168ed95ffda9c7ba9ea503d2b155480"))]
    head_hash: String,
}

impl From<AuditVerification> for AuditVerified {
    fn from(found: AuditVerification) -> Self {
        Self {
            is_intact: found.broken.is_none(),
            intact: found.intact,
            first_broken: found.broken.map(|broken| broken.sequence),
            broken: found.broken.map(|broken| broken.how.as_str()),
            head_sequence: found.head.sequence,
            head_hash: found.head.hash.to_string(),
        }
    }
}

type Args = Guarded<AuditRead>;

problems!(Problems = Args);

/// Verify the audit events of an account
///
/// Reads the account's chain of events from first to last and detects every event that was changed, removed, inserted
/// or moved since it was written. Takes about 1 second per 100,000 events.
#[utoipa::path(
    tag = "audit-events",
    params(AccountPath),
    responses((status = 200, description = "The result.", body = AuditVerified), Problems),
)]
#[get("/v1/accounts/{account_id}/audit-events/verify")]
pub async fn verify_audit_events(app: Data<App>, by: Args) -> Result<HttpResponse> {
    let found = app.service.verify_audit_events(&by).await?;
    Ok(HttpResponse::Ok().json(AuditVerified::from(found)))
}
