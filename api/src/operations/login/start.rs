//! `POST /v1/login`

use actix_web::{HttpResponse, post, web::Data};
use secrecy::SecretString;
use serde::Deserialize;
use service::Credentials;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ClientSource},
    openapi::problems,
    operations::{text::password, views::LoginResult},
    problem::{Code, Result},
};

/// The credentials of a user.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct StartLogin {
    /// The short name of the account.
    #[schema(examples("acme"))]
    account: String,
    /// The username in the account. Case is ignored.
    #[schema(examples("ann"))]
    username: String,
    /// The password: 1 to 256 characters of any kind, used exactly as sent.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256, examples("correct horse battery staple"))]
    password: SecretString,
}

type Args = Body<StartLogin>;

problems!(Problems = Args, &[Code::TooManyRequests, Code::InvalidCredentials]);

/// Start a login
///
/// Checks the password. The reply is `authenticated` with tokens, or a `challenge` that names the next step. Every
/// failure gets the same reply after the same time, whether the account, the username or the password is wrong.
#[utoipa::path(
    tag = "login",
    request_body(content = StartLogin, example = json!({
        "account": "acme",
        "username": "ann",
        "password": "correct horse battery staple",
    })),
    responses((status = 200, description = "The password was accepted.", body = LoginResult), Problems),
)]
#[post("/v1/login")]
pub async fn start_login(app: Data<App>, source: ClientSource, Body(request): Args) -> Result<HttpResponse> {
    let credentials = Credentials {
        account: request.account,
        username: request.username,
        password: password("/password", request.password)?,
    };
    let result = app.service.login(credentials, &source.0).await?;
    Ok(HttpResponse::Ok().json(LoginResult::from(result)))
}
