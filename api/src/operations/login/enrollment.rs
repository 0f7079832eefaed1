//! The step `totp_enrollment`: `/v1/login/challenge/totp-enrollment`

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CONTENT_TYPE, VARY},
    post,
    web::Data,
};
use data_encoding::BASE64;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use service::{EnrollmentConfirmed, QrPayload};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ChallengeToken, ClientSource, IdempotencyKey, Then, preferred},
    openapi::problems,
    operations::{
        text::code_at_code,
        views::{LoginResult, RepeatKeyHeader},
    },
    problem::{Code, Problem, Result},
};

/// What an authenticator app needs. Treat all of it like a password.
#[derive(Serialize, ToSchema)]
pub struct TotpEnrollment {
    /// The URI in the QR code.
    #[schema(examples(
        "otpauth://totp/Acme%20Inc.:ann?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme%20Inc.&algorithm=SHA1&digits=6&period=30"
    ))]
    otpauth_uri: String,
    /// The secret in base32, to be typed in if there is no camera.
    #[schema(examples("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))]
    secret: String,
    /// The name under which the app shows the account.
    #[schema(examples("Acme Inc."))]
    issuer: String,
    /// The name under which the app shows the user.
    #[schema(examples("ann"))]
    account_name: String,
    /// The hash function (RFC 6238).
    #[schema(value_type = String, examples("SHA1"))]
    algorithm: &'static str,
    /// The number of digits of a code.
    #[schema(examples(6))]
    digits: u8,
    /// The number of seconds between codes.
    #[schema(examples(30))]
    period: u32,
    /// The QR code as an SVG document that you can embed in a page.
    #[schema(examples("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 57 57\">…</svg>"))]
    qr_svg: String,
    /// The QR code as a PNG image, in base64.
    #[schema(
        content_encoding = "base64",
        content_media_type = "image/png",
        examples("iVBORw0KGgoAAAANSUhEUgAAAcgAAAHIAQAAAAB…")
    )]
    qr_png: String,
}

/// The QR code as a PNG image.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, content_media_type = "image/png")]
#[expect(dead_code, reason = "only its schema is used")]
struct Png(Vec<u8>);

impl From<&QrPayload> for TotpEnrollment {
    fn from(payload: &QrPayload) -> Self {
        Self {
            otpauth_uri: payload.provisioning.uri().to_owned(),
            secret: payload.secret.expose().to_owned(),
            issuer: payload.provisioning.issuer().to_owned(),
            account_name: payload.provisioning.account_name().to_owned(),
            algorithm: two_factor::ALGORITHM,
            digits: two_factor::DIGITS,
            period: two_factor::PERIOD_SECONDS,
            qr_svg: payload.qr.svg(),
            qr_png: BASE64.encode(&payload.qr.png()),
        }
    }
}

const JSON: &str = "application/json";
const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";
const TEXT: &str = "text/plain";

type GetArgs = ChallengeToken;

problems!(GetProblems = GetArgs, &[Code::WrongStep, Code::NotAcceptable]);

/// Get the QR code for a new device
///
/// Returns the same secret each time, until the device is confirmed or the login ends. For a user who already has a
/// device, the reply is 409: the secret of a confirmed device is never shown again. `Accept` chooses the format: JSON
/// with everything, the QR code as SVG or PNG, or text that a phone can scan from a terminal (`curl -H 'Accept:
/// text/plain'`).
#[utoipa::path(
    tag = "login",
    responses(
        (status = 200, description = "The QR code, in the format that `Accept` asks for.", content(
            (TotpEnrollment = "application/json"),
            (String = "image/svg+xml"),
            (inline(Png) = "image/png"),
            (String = "text/plain"),
        )),
        GetProblems,
    ),
)]
#[get("/v1/login/challenge/totp-enrollment")]
pub async fn get_totp_enrollment(
    app: Data<App>,
    source: ClientSource,
    token: GetArgs,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let form = preferred(request.headers(), &[JSON, SVG, PNG, TEXT]).ok_or_else(|| {
        Problem::new(Code::NotAcceptable, format!("This resource is available as {JSON}, {SVG}, {PNG} and {TEXT}."))
    })?;
    let payload = app.service.totp_enrollment(&token.0, &source.0).await?;
    Ok(in_form(form, &payload))
}

/// The payload in one of the four forms.
pub fn in_form(form: &str, payload: &QrPayload) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((VARY, "Accept"));
    match form {
        SVG => response.insert_header((CONTENT_TYPE, SVG)).body(payload.qr.svg()),
        PNG => response.insert_header((CONTENT_TYPE, PNG)).body(payload.qr.png()),
        TEXT => response.insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body(payload.qr.text()),
        _ => response.json(TotpEnrollment::from(payload)),
    }
}

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

type ConfirmArgs = Then<ChallengeToken, (IdempotencyKey, Body<ConfirmTotpEnrollment>)>;

problems!(ConfirmProblems = ConfirmArgs, &[Code::TooManyRequests, Code::InvalidCode, Code::WrongStep]);

/// Confirm a new device
///
/// The code proves that the app has the secret. From then on, the user must enter a code at every sign-in while the
/// account requires a second factor. The reply contains the recovery codes, which are shown only once. Ask the user to
/// keep them. When the user has done so, call `POST /v1/me/two-factor/recovery-codes/acknowledgement` if the login is
/// complete, otherwise `POST /v1/login/challenge/recovery-codes/acknowledgement`.
#[utoipa::path(
    tag = "login",
    params(RepeatKeyHeader),
    request_body(content = ConfirmTotpEnrollment, example = json!({ "code": "123 456" })),
    responses((status = 200, description = "The device was confirmed.", body = TotpEnrollmentConfirmed), ConfirmProblems),
)]
#[post("/v1/login/challenge/totp-enrollment")]
pub async fn confirm_totp_enrollment(
    app: Data<App>,
    http: HttpRequest,
    source: ClientSource,
    Then(token, (key, Body(request))): ConfirmArgs,
) -> Result<HttpResponse> {
    let code = code_at_code(&request.code)?;
    let confirmed = app.service.confirm_totp_enrollment(token.0, key.bound_to(&http), &source.0, code).await?;
    Ok(HttpResponse::Ok().json(TotpEnrollmentConfirmed::from(confirmed)))
}
