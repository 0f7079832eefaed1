//! The step `password_change`: `/v1/login/challenge/password`

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
        text::new_password,
        views::{CheckOwnPassword, LoginResult, PasswordCheck, RepeatKeyHeader},
    },
    problem::{Code, Result},
};

/// A new password.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ChangeExpiredPassword {
    /// The new password: 1 to 256 characters of any kind, used exactly as sent.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256, examples("a longer horse battery staple"))]
    new_password: SecretString,
}

type ChangeArgs = Then<ChallengeToken, (IdempotencyKey, Body<ChangeExpiredPassword>)>;

problems!(ChangeProblems = ChangeArgs, &[Code::TooManyRequests, Code::PasswordRefused, Code::WrongStep]);

/// Choose a new password during sign-in
///
/// For a login at the step `password_change`: the password has expired, breaks the policy, or an administrator requires
/// a new one. All other sessions of the user end.
#[utoipa::path(
    tag = "login",
    params(RepeatKeyHeader),
    request_body(content = ChangeExpiredPassword, example = json!({ "new_password": "a longer horse battery staple" })),
    responses((status = 200, description = "The password was changed.", body = LoginResult), ChangeProblems),
)]
#[post("/v1/login/challenge/password")]
pub async fn change_expired_password(
    app: Data<App>,
    http: HttpRequest,
    source: ClientSource,
    Then(token, (key, Body(request))): ChangeArgs,
) -> Result<HttpResponse> {
    let password = new_password("/new_password", request.new_password)?;
    let key = key.bound_to(&http);
    let result = app.service.change_password_at_login(token.0, key, &source.0, password).await?;
    Ok(HttpResponse::Ok().json(LoginResult::from(result)))
}

type CheckArgs = Then<ChallengeToken, Body<CheckOwnPassword>>;

problems!(CheckProblems = CheckArgs, &[Code::TooManyRequests, Code::WrongStep]);

/// Check a new password during sign-in
///
/// For live feedback while the user types, in a login at the step `password_change`. Returns the rules of the user's
/// policy that the password breaks, and how hard it is to guess. Nothing is stored. Does not check whether the password
/// was used before.
#[utoipa::path(
    tag = "login",
    request_body(content = CheckOwnPassword, example = json!({ "password": "a longer horse battery staple" })),
    responses((status = 200, description = "The result of the check.", body = PasswordCheck), CheckProblems),
)]
#[post("/v1/login/challenge/password/check")]
pub async fn check_password_at_login(
    app: Data<App>,
    source: ClientSource,
    Then(token, Body(request)): CheckArgs,
) -> Result<HttpResponse> {
    let checked = app.service.check_password_at_login(&token.0, &source.0, request.password).await?;
    Ok(HttpResponse::Ok().json(PasswordCheck::from(checked)))
}
