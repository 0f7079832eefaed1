//! Checks the six-digit code of the authenticator app.

use auth::challenge::Event;
use kernel::Time;
use store::{Conn, tables::sign_in::authenticators};
use two_factor::{Code, verify};

use super::enrollment::open_secret;
use crate::{
    base::{
        error::Result,
        model::Source,
        service::{Core, Service},
        throttling::{self, Counted},
    },
    sign_in::{LoginResult, Standing},
};

impl Service {
    /// Answers with a code from the authenticator app.
    ///
    /// # Errors
    /// [`crate::base::error::Error::InvalidCode`], [`crate::base::error::Error::WrongStep`],
    /// [`crate::base::error::Error::ChallengeInvalid`], [`crate::base::error::Error::TooManyRequests`].
    pub async fn answer_totp(&self, token: &str, source: &Source, code: Code) -> Result<LoginResult> {
        self.take_step(token, source, Event::TotpCode { right: false }, move |conn, audit, core, located, now| {
            let guess = is_right(conn, core, &located.standing, &code, now)?;
            if let Guess::Wrong(counted) = guess {
                located.record_wrong_code(audit, "totp", counted);
            }
            Ok(Event::TotpCode { right: matches!(guess, Guess::Right) })
        })
        .await
    }
}

/// The result of a guess.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Guess {
    /// The code is right, and is used up.
    Right,
    /// The code is wrong, and was counted.
    Wrong(Counted),
}

/// Whether the device of this user shows `code` now and it was not accepted before. Counts a wrong one. The user is
/// locked.
pub(crate) fn is_right(conn: &mut Conn, core: &Core, standing: &Standing, code: &Code, now: Time) -> Result<Guess> {
    let (by_user, policy) =
        (throttling::code_of_user(standing.account.id, standing.user.id), &core.settings.throttles.code_of_user);
    throttling::right(conn, &by_user, policy, now)?;
    if accept(conn, core, standing, code, now)? {
        throttling::clear(conn, &by_user)?;
        return Ok(Guess::Right);
    }
    Ok(Guess::Wrong(throttling::wrong(conn, &by_user, policy, now)?))
}

fn accept(conn: &mut Conn, core: &Core, standing: &Standing, code: &Code, now: Time) -> Result<bool> {
    let user = &standing.user;
    let Some(device) = &standing.device else { return Ok(false) };
    let secret = open_secret(core, user.id.as_bytes(), &device.sealed_secret)?;
    let Some(step) = verify(&secret, code, now, Some(device.last_step)) else { return Ok(false) };
    Ok(authenticators::accept_step(conn, user.account_id, user.id, step)?)
}
