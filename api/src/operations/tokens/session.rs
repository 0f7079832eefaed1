//! The tokens of a session: `POST /v1/token/refresh` and `POST /v1/logout`

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ClientSource, IdempotencyKey, Person, Then},
    openapi::problems,
    operations::views::{Authenticated, RepeatKeyHeader},
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

type RefreshArgs = Then<IdempotencyKey, Body<RefreshSession>>;

problems!(RefreshProblems = RefreshArgs, &[Code::InvalidToken, Code::TooManyRequests]);

/// Renew the tokens of a session
///
/// Exchanges a refresh token for new tokens. Keep the new refresh token; the old one has been used.
///
/// Two tabs may send the same refresh token at the same time: for 10 seconds, and as long as the new refresh token has
/// not been used, the old one returns the same new one again. If a reply is lost, send the request again with the same
/// `Idempotency-Key` within 2 minutes; its `expires_in` counts from the first reply. Any other use of an old refresh
/// token means that somebody may have stolen it, so the whole session ends and the user must sign in again.
#[utoipa::path(
    tag = "tokens",
    params(RepeatKeyHeader),
    request_body(content = RefreshSession, example = json!({
        "refresh_token": "lk_rt_2nq0XhCk2h7gXw8o5mIJ6WJb0b4bGq8mC1r2e3t4y5U",
    })),
    responses((status = 200, description = "The new tokens.", body = Authenticated), RefreshProblems),
)]
#[post("/v1/token/refresh")]
pub async fn refresh_token(
    app: Data<App>,
    http: HttpRequest,
    source: ClientSource,
    Then(key, Body(request)): RefreshArgs,
) -> Result<HttpResponse> {
    let token = request.refresh_token.expose_secret();
    let authenticated = app.service.refresh(token, &source.0, key.bound_to(&http)).await?;
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
