//! The tokens of a session: `POST /v1/token/refresh` and `POST /v1/logout`

use actix_web::{HttpResponse, post, web::Data};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ClientSource, Person},
    openapi::problems,
    operations::views::Authenticated,
    problem::{Code, Result},
};

/// The refresh token of a session.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RefreshSession {
    /// The refresh token from the last reply.
    #[schema(value_type = String, examples("lk_rt_2nq0XhCk2h7gXw8o5mIJ6WJb0b4bGq8mC1r2e3t4y5U"))]
    refresh_token: SecretString,
}

type RefreshArgs = Body<RefreshSession>;

problems!(RefreshProblems = RefreshArgs, &[Code::InvalidToken, Code::TooManyRequests]);

/// Renew the tokens of a session
///
/// Exchanges a refresh token for new tokens. A refresh token works once. If one is used a second time, it may have been
/// stolen, so the whole session ends. So do not repeat a request whose reply was lost, and do not let two requests use
/// the same token: the user would have to sign in again.
#[utoipa::path(
    tag = "tokens",
    request_body(content = RefreshSession, example = json!({
        "refresh_token": "lk_rt_2nq0XhCk2h7gXw8o5mIJ6WJb0b4bGq8mC1r2e3t4y5U",
    })),
    responses((status = 200, description = "The new tokens.", body = Authenticated), RefreshProblems),
)]
#[post("/v1/token/refresh")]
pub async fn refresh_token(app: Data<App>, source: ClientSource, Body(request): RefreshArgs) -> Result<HttpResponse> {
    let authenticated = app.service.refresh(request.refresh_token.expose_secret(), &source.0).await?;
    Ok(HttpResponse::Ok().json(Authenticated::from(authenticated)))
}

type LogoutArgs = Person;

problems!(LogoutProblems = LogoutArgs);

/// Sign out
///
/// Ends the session of the access token. The access token and the refresh token are rejected from then on. Services
/// that verify tokens offline accept the access token until it expires.
#[utoipa::path(
    tag = "tokens",
    responses((status = 204, description = "The session has ended."), LogoutProblems),
)]
#[post("/v1/logout")]
pub async fn logout(app: Data<App>, by: LogoutArgs) -> Result<HttpResponse> {
    app.service.logout(&by.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
