//! `GET /v1/accounts/{account_id}/audit-events/verify`

use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use service::AuditVerification;
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::{AuditRead, Guarded},
    operations::views::AccountPath,
    problem::{
        Result,
        document::{GUARDED, problems},
    },
};

/// What a walk along the chain of events has found.
#[derive(Serialize, ToSchema)]
pub struct AuditVerified {
    /// Whether every event is as it was written, in its place, and none is missing.
    is_intact: bool,
    /// How many events, from the first on, are as they were written.
    #[schema(minimum = 0, examples(1204))]
    intact: i64,
    /// The number of the first event that is not as it was written or not there; null when there is none.
    #[schema(required = true, minimum = 1, examples(17))]
    first_broken: Option<i64>,
    /// What is wrong there: `altered` (this event, or the one before it, is not what it was), `gap` (events were taken out,
    /// put in, or put in another order) or `cut_off` (the last events are missing); null when nothing is.
    #[schema(required = true, examples("altered"))]
    broken: Option<&'static str>,
    /// The number of the last event; 0 when there is none.
    #[schema(minimum = 0, examples(1204))]
    head_sequence: i64,
    /// The hash of the last event. Note it elsewhere: who can write to the database could make a whole chain anew, but not
    /// one with a hash that you have noted.
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

problems!(Problems = GUARDED);

/// Verify what is written of an account
///
/// Walks along the account's chain of events from the first to the last and finds any event that was changed, taken out,
/// put in or moved since it was written. Takes about a second for each hundred thousand events. Needs `audit_read`.
#[utoipa::path(
    tag = "audit-events",
    security(("accessToken" = [])),
    params(AccountPath),
    responses((status = 200, description = "What was found.", body = AuditVerified), Problems),
)]
#[get("/v1/accounts/{account_id}/audit-events/verify")]
pub async fn verify_audit_events(app: Data<App>, by: Guarded<AuditRead>) -> Result<HttpResponse> {
    let found = app.service.verify_audit_events(by.account_id).await?;
    Ok(HttpResponse::Ok().json(AuditVerified::from(found)))
}
