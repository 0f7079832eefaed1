//! The step `totp`: a six-digit code, or a recovery code

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ChallengeToken, ClientSource, IdempotencyKey, Then},
    openapi::problems,
    operations::{
        text::code_at_code,
        views::{LoginResult, RepeatKeyHeader},
    },
    problem::{Code, Result},
};

/// A code from the authenticator app.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AnswerTotp {
    /// The six-digit code that the app shows. Spaces are ignored.
    #[schema(value_type = String, pattern = r"^\s*([0-9]\s*){6}$", examples("123 456"))]
    code: SecretString,
}

type TotpArgs = Then<ChallengeToken, (IdempotencyKey, Body<AnswerTotp>)>;

problems!(TotpProblems = TotpArgs, &[Code::TooManyRequests, Code::InvalidCode, Code::WrongStep]);

/// Submit a code from the authenticator app
///
/// A code works once. Five wrong codes end the login. Input that cannot be a code, such as five digits, is rejected
/// with 422 and not counted.
#[utoipa::path(
    tag = "login",
    params(RepeatKeyHeader),
    request_body(content = AnswerTotp, example = json!({ "code": "123 456" })),
    responses((status = 200, description = "The code was accepted.", body = LoginResult), TotpProblems),
)]
#[post("/v1/login/challenge/totp")]
pub async fn answer_totp(
    app: Data<App>,
    http: HttpRequest,
    source: ClientSource,
    Then(token, (key, Body(request))): TotpArgs,
) -> Result<HttpResponse> {
    let result = app.service.answer_totp(token.0, key.bound_to(&http), &source.0, code_at_code(&request.code)?).await?;
    Ok(HttpResponse::Ok().json(LoginResult::from(result)))
}

/// A recovery code.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct UseRecoveryCode {
    /// One of the recovery codes. Case, spaces and hyphens are ignored.
    #[schema(value_type = String, examples("7k2m-9xqa-0vtd-h4re"))]
    code: SecretString,
}

type RecoveryCodeArgs = Then<ChallengeToken, (IdempotencyKey, Body<UseRecoveryCode>)>;

problems!(RecoveryCodeProblems = RecoveryCodeArgs, &[Code::TooManyRequests, Code::InvalidCode, Code::WrongStep]);

/// Submit a recovery code
///
/// For a user without access to the device. Each code works once. Wrong recovery codes and wrong six-digit codes are
/// counted together: five of them end the login.
#[utoipa::path(
    tag = "login",
    params(RepeatKeyHeader),
    request_body(content = UseRecoveryCode, example = json!({ "code": "7k2m-9xqa-0vtd-h4re" })),
    responses((status = 200, description = "The code was accepted.", body = LoginResult), RecoveryCodeProblems),
)]
#[post("/v1/login/challenge/recovery-code")]
pub async fn use_recovery_code(
    app: Data<App>,
    http: HttpRequest,
    source: ClientSource,
    Then(token, (key, Body(request))): RecoveryCodeArgs,
) -> Result<HttpResponse> {
    let code = code_at_code(&request.code)?;
    let result = app.service.answer_recovery_code(token.0, key.bound_to(&http), &source.0, code).await?;
    Ok(HttpResponse::Ok().json(LoginResult::from(result)))
}
