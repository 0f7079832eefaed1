//! A recovery code instead of the six digits.

use std::sync::Arc;

use auth::challenge::{Event, Next};
use store::tables::recovery_codes;
use two_factor::RecoveryCode;

use super::located::{Located, parse_token};
use crate::{LoginResult, Result, error::Verdict, service::Service, sign_in::attempts};

impl Service {
    /// Answers with a recovery code, which is used up.
    ///
    /// # Errors
    /// [`crate::Error::InvalidCode`], [`crate::Error::WrongStep`], [`crate::Error::ChallengeInvalid`],
    /// [`crate::Error::TooManyRequests`].
    pub async fn answer_recovery_code(&self, token: &str, code: RecoveryCode) -> Result<LoginResult> {
        let token = parse_token(token)?;
        let (digest, core, now) = (token.digest(), Arc::clone(&self.core), self.core.now());
        let verdict: Verdict<_> = self
            .store
            .write(move |conn| {
                let located = Located::by_token(conn, digest)?;
                let demands = located.standing.demands();
                let next = located.stored.challenge.admit(Event::RecoveryCode { right: false }, demands, now)?;
                let event = if next == Next::Totp {
                    let user = &located.standing.user;
                    let by_user = attempts::code_of_user(user.account_id, user.id);
                    attempts::count(conn, &by_user, &core.settings.throttles.code_of_user, now)?;
                    let right = recovery_codes::use_up(conn, user.account_id, user.id, code.digest(user.id), now)?;
                    if right {
                        attempts::clear(conn, &by_user)?;
                    }
                    Event::RecoveryCode { right }
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
