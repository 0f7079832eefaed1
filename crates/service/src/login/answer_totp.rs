//! The six digits.

use std::sync::Arc;

use auth::challenge::{Event, Next};
use kernel::Time;
use store::{Conn, tables::authenticators};
use two_factor::{Code, verify};

use super::{
    enrollment::open_secret,
    located::{Located, parse_token},
};
use crate::{
    LoginResult, Result,
    error::Verdict,
    service::{Core, Service},
    sign_in::{Standing, attempts},
};

impl Service {
    /// Answers with a code of the authenticator app.
    ///
    /// # Errors
    /// [`crate::Error::InvalidCode`], [`crate::Error::WrongStep`], [`crate::Error::ChallengeInvalid`],
    /// [`crate::Error::TooManyRequests`].
    pub async fn answer_totp(&self, token: &str, code: Code) -> Result<LoginResult> {
        let token = parse_token(token)?;
        let (digest, core, now) = (token.digest(), Arc::clone(&self.core), self.core.now());
        let verdict: Verdict<_> = self
            .store
            .write(move |conn| {
                let located = Located::by_token(conn, digest)?;
                let demands = located.standing.demands();
                let next = located.stored.challenge.admit(Event::TotpCode { right: false }, demands, now)?;
                let event = if next == Next::Totp {
                    Event::TotpCode { right: is_right(conn, &core, &located.standing, &code, now)? }
                } else {
                    Event::SessionAsked
                };
                let outcome = located.stored.challenge.apply(event, demands, now)?;
                located.conclude(conn, &core, outcome, now)
            })
            .await;
        verdict??.into_result(&self.core, token, now)
    }
}

/// Whether the device of this user shows `code` at this moment, and it was not accepted before. Counts the attempt.
pub(crate) fn is_right(conn: &mut Conn, core: &Core, standing: &Standing, code: &Code, now: Time) -> Result<bool> {
    let user = &standing.user;
    let by_user = attempts::code_of_user(user.account_id, user.id);
    attempts::count(conn, &by_user, &core.settings.throttles.code_of_user, now)?;
    let Some(device) = &standing.device else { return Ok(false) };
    let secret = open_secret(core, user.id.as_bytes(), &device.sealed_secret)?;
    let Some(step) = verify(&secret, code, now, Some(device.last_step)) else { return Ok(false) };
    let right = authenticators::accept_step(conn, user.account_id, user.id, step)?;
    if right {
        attempts::clear(conn, &by_user)?;
    }
    Ok(right)
}
