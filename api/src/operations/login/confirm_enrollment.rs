//! `POST /v1/login/challenge/totp-enrollment`

use actix_web::{HttpResponse, post, web::Data};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use service::EnrollmentConfirmed;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ChallengeToken, ClientSource, Then},
    openapi::problems,
    operations::{text::code_at_code, views::LoginResult},
    problem::{Code, Result},
};

/// The first code from the new device.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ConfirmTotpEnrollment {
    /// The six-digit code that the app shows. Spaces are ignored.
    #[schema(value_type = String, pattern = r"^\s*([0-9]\s*){6}$", examples("123 456"))]
    code: SecretString,
}

/// The recovery codes, and how the login continues.
#[derive(Serialize, ToSchema)]
pub struct TotpEnrollmentConfirmed {
    /// Ten recovery codes for when the device is lost. Each works for one sign-in. Shown only once. Empty if the policy
    /// stopped requiring a second factor in the meantime and no device was enrolled.
    #[schema(examples(json!(["7k2m-9xqa-0vtd-h4re", "3p8w-zz1c-mm40-r6ty"])))]
    recovery_codes: Vec<String>,
    /// How the login continues.
    result: LoginResult,
}

impl From<EnrollmentConfirmed> for TotpEnrollmentConfirmed {
    fn from(confirmed: EnrollmentConfirmed) -> Self {
        let codes = confirmed.recovery_codes.iter().map(|code| code.expose().to_owned());
        Self { recovery_codes: codes.collect(), result: confirmed.result.into() }
    }
}

type Args = Then<ChallengeToken, Body<ConfirmTotpEnrollment>>;

problems!(Problems = Args, &[Code::TooManyRequests, Code::InvalidCode, Code::WrongStep]);

/// Confirm a new device
///
/// The code proves that the app has the secret. From then on, every sign-in asks for a code. The reply contains the
/// recovery codes, which are shown only once.
#[utoipa::path(
    tag = "login",
    request_body(content = ConfirmTotpEnrollment, example = json!({ "code": "123 456" })),
    responses((status = 200, description = "The device was confirmed.", body = TotpEnrollmentConfirmed), Problems),
)]
#[post("/v1/login/challenge/totp-enrollment")]
pub async fn confirm_totp_enrollment(
    app: Data<App>,
    source: ClientSource,
    Then(token, Body(request)): Args,
) -> Result<HttpResponse> {
    let code = code_at_code(&request.code)?;
    let confirmed = app.service.confirm_totp_enrollment(token.0.expose(), &source.0, code).await?;
    Ok(HttpResponse::Ok().json(TotpEnrollmentConfirmed::from(confirmed)))
}
