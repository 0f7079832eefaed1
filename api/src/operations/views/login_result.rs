//! The reply to every step of a login.

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::Serialize;
use service::ChallengeView;
use utoipa::ToSchema;

use super::{Session, User};
use crate::problem::FieldError;

/// The tokens of the new session, or the next step of the login. `status` tells which.
// In the document it is one object, see `openapi/unions.rs`. `status` is plain text in both: an enum of one value is a type
// of its own in most generated clients, and many of them cannot read it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "status", mapping(
    ("authenticated" = "#/components/schemas/Authenticated"),
    ("challenge" = "#/components/schemas/LoginChallenge")
)), examples(
    json!({
        "status": "authenticated",
        "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiIwMTk5In0.c2ln",
        "token_type": "Bearer",
        "expires_in": 600,
        "refresh_token": "lk_rt_2nq0XhCk2h7gXw8o5mIJ6WJb0b4bGq8mC1r2e3t4y5U",
        "session": {
            "id": "01997f61-3c1e-7d10-a2b7-0c4b7f9e1d55",
            "created_at": "2026-01-31T12:00:00Z",
            "expires_at": "2026-03-02T12:00:00Z",
            "idle_expires_at": "2026-02-07T12:00:00Z",
            "auth_time": "2026-01-31T12:00:00Z",
            "amr": ["pwd", "otp", "mfa"]
        },
        "password_expires_at": null,
        "user": {
            "id": "01997f60-11d2-7a3b-8f04-6d2c9be0a7c4",
            "account_id": "01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10",
            "username": "ann",
            "display_name": "Ann Example",
            "email": "ann@example.org",
            "status": "active",
            "permissions": ["account_settings"],
            "two_factor": { "status": "enrolled", "required": true },
            "password": {
                "status": "valid",
                "expires_at": null,
                "policy_id": "01997f62-5b0d-7e21-8c3a-94d1e0f7a233",
                "policy_reason": "This policy applies because it is assigned to the user."
            },
            "locked_until": null,
            "created_at": "2026-01-31T12:00:00Z"
        }
    }),
    json!({
        "status": "challenge",
        "challenge_token": "lk_ch_2nq0XhCk2h7gXw8o5mIJ6WJb0b4bGq8mC1r2e3t4y5U",
        "expires_at": "2026-01-31T12:10:00Z",
        "next": "totp",
        "totp": { "attempts_left": 5, "recovery_codes_left": 10 }
    })
))]
pub enum LoginResult {
    /// Signed in.
    Authenticated(Box<Authenticated>),
    /// Another step is needed.
    Challenge(Box<LoginChallenge>),
}

/// A completed login: the tokens, the session and the user.
#[derive(Serialize, ToSchema)]
pub struct Authenticated {
    /// Always `authenticated`.
    #[schema(value_type = String, examples("authenticated"))]
    status: &'static str,
    /// The access token: a signed JWT for `Authorization: Bearer`.
    #[schema(examples("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiIwMTk5In0.c2ln"))]
    access_token: String,
    /// Always `Bearer`.
    #[schema(value_type = String, examples("Bearer"))]
    token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(examples(600))]
    expires_in: u32,
    /// Exchange it, once, for new tokens at `POST /v1/token/refresh`.
    #[schema(examples("lk_rt_2nq0XhCk2h7gXw8o5mIJ6WJb0b4bGq8mC1r2e3t4y5U"))]
    refresh_token: String,
    /// The new session.
    session: Session,
    /// When the password expires; null: never.
    #[schema(required = true, examples("2026-04-30T12:00:00Z"))]
    password_expires_at: Option<DateTime<Utc>>,
    /// The signed-in user.
    user: User,
}

/// A login that is not complete. `next` names the next step. The member of the same name, if there is one, has its
/// details.
#[derive(Serialize, ToSchema)]
pub struct LoginChallenge {
    /// Always `challenge`.
    #[schema(value_type = String, examples("challenge"))]
    status: &'static str,
    /// The credential for the next steps. It stays the same for the whole login.
    #[schema(examples("lk_ch_2nq0XhCk2h7gXw8o5mIJ6WJb0b4bGq8mC1r2e3t4y5U"))]
    challenge_token: String,
    /// When the login expires if it is not completed.
    #[schema(examples("2026-01-31T12:10:00Z"))]
    expires_at: DateTime<Utc>,
    /// What the user must do: `totp` (enter the six-digit code), `totp_enrollment` (scan the QR code, then enter the
    /// six-digit code), `password_change` (choose a new password) or `session` (nothing: the account no longer requires
    /// the other steps; call `POST /v1/login/challenge/session` to sign in). More steps may be added.
    #[schema(
        value_type = String,
        examples("totp"),
        extensions(("x-extensible-enum" = json!(["totp", "totp_enrollment", "password_change", "session"])))
    )]
    next: &'static str,
    /// Details of the step `totp`. Absent at other steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    totp: Option<TotpStep>,
    /// Details of the step `password_change`. Absent at other steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    password_change: Option<PasswordChangeStep>,
}

/// What to tell a user who must enter a six-digit code.
#[derive(Serialize, ToSchema)]
pub struct TotpStep {
    /// The number of attempts left before the login ends.
    #[schema(examples(5))]
    attempts_left: u8,
    /// The number of unused recovery codes.
    #[schema(examples(10))]
    recovery_codes_left: u32,
}

/// What to tell a user who must choose a new password.
#[derive(Serialize, ToSchema)]
pub struct PasswordChangeStep {
    /// All reasons why the password must be changed: `change_required` (an administrator requires it), `expired`, or
    /// the rules that the password breaks, with the codes of `password_refused`.
    reasons: Vec<FieldError>,
}

impl From<service::LoginResult> for LoginResult {
    fn from(result: service::LoginResult) -> Self {
        match result {
            service::LoginResult::Authenticated(authenticated) => {
                Self::Authenticated(Box::new((*authenticated).into()))
            }
            service::LoginResult::Challenge(challenge) => Self::Challenge(Box::new((*challenge).into())),
        }
    }
}

impl From<service::Authenticated> for Authenticated {
    fn from(authenticated: service::Authenticated) -> Self {
        Self {
            status: "authenticated",
            access_token: authenticated.access_token.expose_secret().to_owned(),
            token_type: "Bearer",
            expires_in: authenticated.expires_in,
            refresh_token: authenticated.refresh_token.expose().to_owned(),
            session: authenticated.session.into(),
            password_expires_at: authenticated.user.password.expires_at,
            user: authenticated.user.into(),
        }
    }
}

impl From<ChallengeView> for LoginChallenge {
    fn from(challenge: ChallengeView) -> Self {
        let totp = challenge
            .totp
            .map(|step| TotpStep { attempts_left: step.attempts_left, recovery_codes_left: step.recovery_codes_left });
        let password_change = challenge
            .password_change
            .map(|step| PasswordChangeStep { reasons: step.reasons.into_iter().map(FieldError::from).collect() });
        Self {
            status: "challenge",
            challenge_token: challenge.token.expose().to_owned(),
            expires_at: challenge.expires_at,
            next: challenge.next.as_str(),
            totp,
            password_change,
        }
    }
}
