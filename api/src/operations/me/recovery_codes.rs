//! The signed-in user's recovery codes: `/v1/me/two-factor/recovery-codes`

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::{Fresh, IdempotencyKey, Person, Then},
    openapi::problems,
    operations::views::IdempotencyKeyHeader,
    problem::{Code, Result},
};

/// New recovery codes.
#[derive(Serialize, ToSchema)]
pub struct NewRecoveryCodes {
    /// Ten recovery codes for when the device is lost. Each works for one sign-in. Shown only once.
    #[schema(examples(json!(["7k2m-9xqa-0vtd-h4re", "3p8w-zz1c-mm40-r6ty"])))]
    recovery_codes: Vec<String>,
}

type ReplaceArgs = Then<Person<Fresh>, IdempotencyKey>;

problems!(ReplaceProblems = ReplaceArgs, &[Code::Conflict]);

/// Get new recovery codes
///
/// Replaces all recovery codes of the user; the earlier ones no longer work. The session must have the second factor (the
/// code, or a recovery code): after a sign-in with the password alone the reply is `reauthentication_required`. The codes
/// count as seen once the user confirms that they have kept them. If the reply is lost, repeat the request with the same
/// `Idempotency-Key` within 2 minutes and get the same codes; after that, it fails with 409 and changes nothing.
#[utoipa::path(
    tag = "me",
    params(IdempotencyKeyHeader),
    responses((status = 200, description = "The new recovery codes.", body = NewRecoveryCodes), ReplaceProblems),
)]
#[post("/v1/me/two-factor/recovery-codes")]
pub async fn replace_my_recovery_codes(
    app: Data<App>,
    http: HttpRequest,
    Then(by, key): ReplaceArgs,
) -> Result<HttpResponse> {
    let codes = app.service.replace_own_recovery_codes(&by.0, key.bound_to(&http)).await?;
    let recovery_codes = codes.iter().map(|code| code.expose().to_owned()).collect();
    Ok(HttpResponse::Ok().json(NewRecoveryCodes { recovery_codes }))
}

type AcknowledgeArgs = Person;

problems!(AcknowledgeProblems = AcknowledgeArgs, &[Code::ReauthenticationRequired, Code::Conflict]);

/// Confirm that you have kept the recovery codes
///
/// Call this when the user has said that they have printed, saved or written down the recovery codes. Until then `GET
/// /v1/me` shows `acknowledged: false`. The session must have the second factor. Safe to repeat.
#[utoipa::path(
    tag = "me",
    responses((status = 204, description = "The codes count as seen."), AcknowledgeProblems),
)]
#[post("/v1/me/two-factor/recovery-codes/acknowledgement")]
pub async fn acknowledge_my_recovery_codes(app: Data<App>, by: AcknowledgeArgs) -> Result<HttpResponse> {
    app.service.acknowledge_own_recovery_codes(&by.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
