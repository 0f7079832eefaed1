//! The signed-in user.

use crate::operations::registry::Registry;
use actix_web::{HttpResponse, get, post, web::Data};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use service::{NewOwnPassword, Reauthenticated, Reauthentication};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, Person, Then},
    openapi::problems,
    operations::{
        text::{code_at_code, new_password, password},
        views::{Account, CheckOwnPassword, PasswordCheck, Session, User},
    },
    problem::{Code, Result},
};

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config.service(get_me).service(change_my_password).service(check_my_password).service(reauthenticate_me);
}

/// The signed-in user, with the account and the session.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The user.
    user: User,
    /// The user's account.
    account: Account,
    /// The session of this request.
    session: Session,
    /// When the password expires; null: never.
    #[schema(required = true, examples("2026-04-30T12:00:00Z"))]
    password_expires_at: Option<DateTime<Utc>>,
}

type GetArgs = Person;

problems!(GetProblems = GetArgs);

/// Get the signed-in user
///
/// Returns the current state of the user, the account and the session that the access token belongs to.
#[utoipa::path(
    tag = "me",
    responses((status = 200, description = "The signed-in user.", body = Me), GetProblems),
)]
#[get("/v1/me")]
pub async fn get_me(app: Data<App>, by: GetArgs) -> Result<HttpResponse> {
    let (user, account, session) = app.service.me(&by.0).await?;
    let password_expires_at = user.password.expires_at;
    let (user, account, session) = (user.into(), account.into(), session.into());
    Ok(HttpResponse::Ok().json(Me { user, account, session, password_expires_at }))
}

/// The current password and the new one.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ChangeMyPassword {
    /// The current password.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256, examples("correct horse battery staple"))]
    current_password: SecretString,
    /// The new password: 1 to 256 characters of any kind, used exactly as sent.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256, examples("a longer horse battery staple"))]
    new_password: SecretString,
}

type ChangePasswordArgs = Then<Person, Body<ChangeMyPassword>>;

problems!(
    ChangePasswordProblems = ChangePasswordArgs,
    &[Code::TooManyRequests, Code::InvalidCredentials, Code::PasswordRefused]
);

/// Change your own password
///
/// Requires the current password. All other sessions of the user end; this one continues.
#[utoipa::path(
    tag = "me",
    request_body(content = ChangeMyPassword, example = json!({
        "current_password": "correct horse battery staple",
        "new_password": "a longer horse battery staple",
    })),
    responses((status = 204, description = "The password was changed."), ChangePasswordProblems),
)]
#[post("/v1/me/password")]
pub async fn change_my_password(app: Data<App>, Then(by, Body(request)): ChangePasswordArgs) -> Result<HttpResponse> {
    let passwords = NewOwnPassword {
        current_password: password("/current_password", request.current_password)?,
        new_password: new_password("/new_password", request.new_password)?,
    };
    app.service.change_own_password(&by.0, passwords).await?;
    Ok(HttpResponse::NoContent().finish())
}

type CheckPasswordArgs = Then<Person, Body<CheckOwnPassword>>;

problems!(CheckPasswordProblems = CheckPasswordArgs, &[Code::TooManyRequests]);

/// Check your new password
///
/// For live feedback while the user types. Returns the rules of the user's policy that the password breaks, and how
/// hard it is to guess. Nothing is stored. Does not check whether the password was used before.
#[utoipa::path(
    tag = "me",
    request_body(content = CheckOwnPassword, example = json!({ "password": "a longer horse battery staple" })),
    responses((status = 200, description = "The result of the check.", body = PasswordCheck), CheckPasswordProblems),
)]
#[post("/v1/me/password/check")]
pub async fn check_my_password(app: Data<App>, Then(by, Body(request)): CheckPasswordArgs) -> Result<HttpResponse> {
    let checked = app.service.check_own_password(&by.0, request.password).await?;
    Ok(HttpResponse::Ok().json(PasswordCheck::from(checked)))
}

/// The credentials: the six-digit code if the user has a second factor, otherwise the password. You may send both.
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
