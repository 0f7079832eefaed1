//! `POST /v1/login/challenge/totp`

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

/// A code from the authenticator app.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AnswerTotp {
    /// The six-digit code that the app shows. Spaces are ignored.
    #[schema(value_type = String, pattern = r"^\s*([0-9]\s*){6}$", examples("123 456"))]
    code: SecretString,
}

type Args = Then<ChallengeToken, Body<AnswerTotp>>;

problems!(Problems = Args, &[Code::TooManyRequests, Code::InvalidCode, Code::WrongStep]);

/// Submit a code from the authenticator app
///
/// A code works once. Five wrong codes end the login. Input that cannot be a code, such as five digits, is rejected
/// with 422 and not counted.
#[utoipa::path(
    tag = "login",
    request_body(content = AnswerTotp, example = json!({ "code": "123 456" })),
    responses((status = 200, description = "The code was accepted.", body = LoginResult), Problems),
)]
#[post("/v1/login/challenge/totp")]
pub async fn answer_totp(
    app: Data<App>,
    source: ClientSource,
    Then(token, Body(request)): Args,
) -> Result<HttpResponse> {
    let result = app.service.answer_totp(token.0.expose(), &source.0, code_at_code(&request.code)?).await?;
    Ok(HttpResponse::Ok().json(LoginResult::from(result)))
}
