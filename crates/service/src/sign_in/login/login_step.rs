//! Makes the reply to a step of a login.

use auth::challenge::Next;
use kernel::{PlainToken, Time};

use crate::{
    base::{error::Result, service::Core},
    sign_in::{ChallengeView, Issued, LoginResult, PasswordChangeStep, TotpStep},
};

/// The result of a step, as the transaction knows it: the access token is signed, and the challenge token is added,
/// outside.
pub(super) enum LoginStep {
    /// The session has begun.
    Session(Issued),
    /// There is another step.
    Challenge { expires_at: Time, next: Next, totp: Option<TotpStep>, password_change: Option<PasswordChangeStep> },
}

impl LoginStep {
    /// The reply, to the client that sent `token`.
    pub(super) fn into_result(self, core: &Core, token: PlainToken, now: Time) -> Result<LoginResult> {
        match self {
            Self::Session(issued) => Ok(LoginResult::Authenticated(Box::new(issued.signed(core, now)?))),
            Self::Challenge { expires_at, next, totp, password_change } => {
                Ok(LoginResult::Challenge(Box::new(ChallengeView { token, expires_at, next, totp, password_change })))
            }
        }
    }
}
