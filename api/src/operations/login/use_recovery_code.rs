//! `POST /v1/login/challenge/recovery-code`

use actix_web::{HttpResponse, post, web::Data};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ChallengeToken, ClientSource, Then},
    openapi::problems,
    operations::{text::code_at_code, views::LoginResult},
    problem::{Code, Result},
};

/// A recovery code.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct UseRecoveryCode {
    /// One of the recovery codes. Case, spaces and hyphens are ignored.
    #[schema(value_type = String, examples("7k2m-9xqa-0vtd-h4re"))]
    code: SecretString,
}

type Args = Then<ChallengeToken, Body<UseRecoveryCode>>;

problems!(Problems = Args, &[Code::TooManyRequests, Code::InvalidCode, Code::WrongStep]);

/// Submit a recovery code
///
/// For a user without access to the device. Each code works once. A wrong recovery code counts as a wrong six-digit
/// code.
#[utoipa::path(
    tag = "login",
    request_body(content = UseRecoveryCode, example = json!({ "code": "7k2m-9xqa-0vtd-h4re" })),
    responses((status = 200, description = "The code was accepted.", body = LoginResult), Problems),
)]
#[post("/v1/login/challenge/recovery-code")]
pub async fn use_recovery_code(
    app: Data<App>,
    source: ClientSource,
    Then(token, Body(request)): Args,
) -> Result<HttpResponse> {
    let result = app.service.answer_recovery_code(token.0.expose(), &source.0, code_at_code(&request.code)?).await?;
    Ok(HttpResponse::Ok().json(LoginResult::from(result)))
}
