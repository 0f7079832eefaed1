//! `POST /v1/token/refresh`

use actix_web::{HttpResponse, post, web::Data};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ClientSource},
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

type Args = Body<RefreshSession>;

problems!(Problems = Args, &[Code::InvalidToken, Code::TooManyRequests]);

/// Renew the tokens of a session
///
/// Exchanges a refresh token for new tokens. A refresh token works once. If one is used a second time, it may have been
/// stolen, so the whole session ends.
#[utoipa::path(
    tag = "tokens",
    request_body(content = RefreshSession, example = json!({
        "refresh_token": "lk_rt_2nq0XhCk2h7gXw8o5mIJ6WJb0b4bGq8mC1r2e3t4y5U",
    })),
    responses((status = 200, description = "The new tokens.", body = Authenticated), Problems),
)]
#[post("/v1/token/refresh")]
pub async fn refresh_token(app: Data<App>, source: ClientSource, Body(request): Args) -> Result<HttpResponse> {
    let authenticated = app.service.refresh(request.refresh_token.expose_secret(), &source.0).await?;
    Ok(HttpResponse::Ok().json(Authenticated::from(authenticated)))
}
