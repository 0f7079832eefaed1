//! `POST /v1/login/challenge/password`

use actix_web::{HttpResponse, post, web::Data};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ChallengeToken, ClientSource, Then},
    openapi::problems,
    operations::{text::new_password, views::LoginResult},
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

type Args = Then<ChallengeToken, Body<ChangeExpiredPassword>>;

problems!(Problems = Args, &[Code::TooManyRequests, Code::PasswordRefused, Code::WrongStep]);

/// Choose a new password during sign-in
///
/// For a login at the step `password_change`: the password has expired, breaks the policy, or an administrator requires
/// a new one. All other sessions of the user end.
#[utoipa::path(
    tag = "login",
    request_body(content = ChangeExpiredPassword, example = json!({ "new_password": "a longer horse battery staple" })),
    responses((status = 200, description = "The password was changed.", body = LoginResult), Problems),
)]
#[post("/v1/login/challenge/password")]
pub async fn change_expired_password(
    app: Data<App>,
    source: ClientSource,
    Then(token, Body(request)): Args,
) -> Result<HttpResponse> {
    let password = new_password("/new_password", request.new_password)?;
    let result = app.service.change_password_at_login(token.0.expose(), &source.0, password).await?;
    Ok(HttpResponse::Ok().json(LoginResult::from(result)))
}
