//! The result of a step of a login.

use auth::challenge::Next;
use kernel::{PlainToken, SessionId, Time};
use secrecy::SecretString;
use store::tables::sign_in::sessions::StoredSession;

use crate::{base::error::FieldError, directory::users::UserView};

/// A session.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// The id, as in the `sid` claim.
    pub id: SessionId,
    /// When it began.
    pub created_at: Time,
    /// When it ends, whatever happens.
    pub expires_at: Time,
    /// When it ends unless it is refreshed first.
    pub idle_expires_at: Time,
    /// When the user last proved their identity.
    pub auth_time: Time,
    /// How (RFC 8176).
    pub amr: &'static [&'static str],
}

impl SessionView {
    pub(crate) fn of(stored: &StoredSession) -> Self {
        Self {
            id: stored.id,
            created_at: stored.created_at,
            expires_at: stored.session.expires_at,
            idle_expires_at: stored.session.idle_expires_at,
            auth_time: stored.auth_time,
            amr: stored.amr.values(),
        }
    }
}

/// The user has signed in.
#[derive(Debug)]
pub struct Authenticated {
    /// The signed access token.
    pub access_token: SecretString,
    /// For how many seconds it is valid.
    pub expires_in: u32,
    /// Renews it, once.
    pub refresh_token: PlainToken,
    /// The session.
    pub session: SessionView,
    /// Who is signed in.
    pub user: UserView,
}

/// What the user should know when asked for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotpStep {
    /// Attempts that are left.
    pub attempts_left: u8,
    /// Recovery codes that are left.
    pub recovery_codes_left: u32,
}

/// What the user should know when asked for a new password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordChangeStep {
    /// Why: `change_required`, `expired`, or a rule of the policy.
    pub reasons: Vec<FieldError>,
}

/// A login that is not finished.
#[derive(Debug)]
pub struct ChallengeView {
    /// Identifies the challenge. Every reply contains it, so that all replies look alike.
    pub token: PlainToken,
    /// When it ends.
    pub expires_at: Time,
    /// What the user must do next.
    pub next: Next,
    /// With [`Next::Totp`].
    pub totp: Option<TotpStep>,
    /// With [`Next::PasswordChange`].
    pub password_change: Option<PasswordChangeStep>,
}

/// The result of a step of a login.
#[derive(Debug)]
pub enum LoginResult {
    /// Signed in.
    Authenticated(Box<Authenticated>),
    /// There is another step.
    Challenge(Box<ChallengeView>),
}
