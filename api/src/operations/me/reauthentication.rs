//! `POST /v1/me/reauthentication`

use actix_web::{HttpResponse, post, web::Data};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use service::{Reauthenticated, Reauthentication};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, Person, Then},
    openapi::problems,
    operations::{
        text::{code_at_code, password},
        views::Session,
    },
    problem::{Code, Result},
};

/// The credentials: the six-digit code if the account requires the user's second factor, otherwise the password. You may
/// send both: the code of a device that is not required now is verified too.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReauthenticateMe {
    /// The password.
    #[schema(value_type = String, required = false, format = Password, nullable = false, min_length = 1, max_length = 256, examples("correct horse battery staple"))]
    password: Option<SecretString>,
    /// The six-digit code that the app shows. Spaces are ignored.
    #[schema(value_type = String, required = false, nullable = false, pattern = r"^\s*([0-9]\s*){6}$", examples("123 456"))]
    code: Option<SecretString>,
}

/// The session, with a new sign-in time.
#[derive(Serialize, ToSchema)]
pub struct ReauthenticatedSession {
    /// An access token with the new `auth_time`.
    #[schema(examples("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiIwMTk5In0.c2ln"))]
    access_token: String,
    /// Always `Bearer`.
    #[schema(value_type = String, examples("Bearer"))]
    token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(examples(600))]
    expires_in: u32,
    /// The session.
    session: Session,
}

impl From<Reauthenticated> for ReauthenticatedSession {
    fn from(renewed: Reauthenticated) -> Self {
        Self {
            access_token: renewed.access_token.expose_secret().to_owned(),
            token_type: "Bearer",
            expires_in: renewed.expires_in,
            session: renewed.session.into(),
        }
    }
}

type ReauthenticateArgs = Then<Person, Body<ReauthenticateMe>>;

problems!(
    ReauthenticateProblems = ReauthenticateArgs,
    &[Code::TooManyRequests, Code::InvalidCredentials, Code::InvalidCode]
);

/// Reauthenticate
///
/// Renews the `auth_time` of the session, for operations that returned `reauthentication_required`. Repeat such a
/// request with the access token from this reply.
#[utoipa::path(
    tag = "me",
    request_body(content = ReauthenticateMe, example = json!({ "password": "correct horse battery staple", "code": "123 456" })),
    responses((status = 200, description = "The `auth_time` was renewed.", body = ReauthenticatedSession), ReauthenticateProblems),
)]
#[post("/v1/me/reauthentication")]
pub async fn reauthenticate_me(app: Data<App>, Then(by, Body(request)): ReauthenticateArgs) -> Result<HttpResponse> {
    let proof = Reauthentication {
        password: request.password.map(|text| password("/password", text)).transpose()?,
        code: request.code.as_ref().map(code_at_code).transpose()?,
    };
    let renewed = app.service.reauthenticate(&by.0, proof).await?;
    Ok(HttpResponse::Ok().json(ReauthenticatedSession::from(renewed)))
}
