//! `POST /v1/token/introspect` (RFC 7662)

use actix_web::{HttpResponse, post, web::Data};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use service::{Claims, Introspection};
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::{Authenticated, FormOrJson, Then},
    openapi::problems,
    problem::Result,
};

/// The token to introspect.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntrospectToken {
    /// The access token.
    #[schema(value_type = String, examples("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiIwMTk5In0.c2ln"))]
    token: SecretString,
    /// The type of token that the caller expects (RFC 7662 §2.1). It is ignored: the token itself tells its type.
    #[schema(nullable = false, examples("access_token"))]
    #[expect(dead_code, reason = "the standard lets clients send it")]
    token_type_hint: Option<String>,
}

/// The current state of a token. For a token that is not active, only `active` is present.
#[derive(Default, Serialize, ToSchema)]
pub struct TokenIntrospection {
    /// Whether the token is valid.
    active: bool,
    /// Always `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, examples("Bearer"))]
    token_type: Option<&'static str>,
    /// The issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("https://id.example.org"))]
    iss: Option<String>,
    /// The audience.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("latchkey"))]
    aud: Option<String>,
    /// The user's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"))]
    sub: Option<String>,
    /// The session's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("01997f61-3c1e-7d10-a2b7-0c4b7f9e1d55"))]
    sid: Option<String>,
    /// The account's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    account: Option<String>,
    /// The permissions that the user currently holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(json!(["account_settings"])))]
    permissions: Option<Vec<String>>,
    /// How the user authenticated (RFC 8176).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(json!(["pwd", "otp", "mfa"])))]
    amr: Option<Vec<String>>,
    /// When the user last authenticated, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(1_769_860_800))]
    auth_time: Option<i64>,
    /// When the token was issued, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(1_769_860_800))]
    iat: Option<i64>,
    /// When the token becomes valid, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(1_769_860_800))]
    nbf: Option<i64>,
    /// When the token expires, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(1_769_861_400))]
    exp: Option<i64>,
    /// The token's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("01997f62-0b7d-7f7e-8a11-3d1c5b7a9e02"))]
    jti: Option<String>,
}

impl From<Claims> for TokenIntrospection {
    fn from(claims: Claims) -> Self {
        let Claims { iss, aud, sub, sid, account, permissions, amr, auth_time, iat, nbf, exp, jti } = claims;
        Self {
            active: true,
            token_type: Some("Bearer"),
            iss: Some(iss),
            aud: Some(aud),
            sub: Some(sub),
            sid: Some(sid),
            account: Some(account),
            permissions: Some(permissions),
            amr: Some(amr),
            auth_time: Some(auth_time),
            iat: Some(iat),
            nbf: Some(nbf),
            exp: Some(exp),
            jti: Some(jti),
        }
    }
}

type Args = Then<Authenticated, FormOrJson<IntrospectToken>>;

problems!(Problems = Args);

/// Introspect an access token
///
/// For services that must know immediately when a session has ended, instead of verifying tokens offline (RFC 7662).
/// Tokens of other accounts are reported as inactive, except to platform administrators. The body may also be
/// `application/x-www-form-urlencoded`, as the standard specifies.
#[utoipa::path(
    tag = "tokens",
    request_body(content = IntrospectToken, example = json!({
        "token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiIwMTk5In0.c2ln",
        "token_type_hint": "access_token",
    })),
    responses((status = 200, description = "The state of the token.", body = TokenIntrospection), Problems),
)]
#[post("/v1/token/introspect")]
pub async fn introspect_token(app: Data<App>, Then(by, FormOrJson(request)): Args) -> Result<HttpResponse> {
    let worth = match app.service.introspect(&by.0, request.token.expose_secret()).await? {
        Introspection::Inactive => TokenIntrospection::default(),
        Introspection::Active(claims) => (*claims).into(),
    };
    Ok(HttpResponse::Ok().json(worth))
}
