//! The new password that a login asks for.

use std::sync::Arc;

use auth::challenge::Event;
use password_policy::{Password, Shortcomings};

use super::located::{Located, parse_token};
use crate::{
    Error, LoginResult, Result,
    error::Verdict,
    service::Service,
    sign_in::{Owner, attempts},
};

impl Service {
    /// Sets the new password. All other logins and sessions of the user end.
    ///
    /// # Errors
    /// [`Error::PasswordRefused`], [`Error::WrongStep`], [`Error::ChallengeInvalid`].
    pub async fn change_password_at_login(&self, token: &str, new_password: Password) -> Result<LoginResult> {
        let token = parse_token(token)?;
        let (digest, core, now) = (token.digest(), Arc::clone(&self.core), self.core.now());
        let throttles = core.settings.throttles;
        let owner = self
            .store
            .write(move |conn| {
                let located = Located::by_token(conn, digest)?;
                located.stored.challenge.admit(Event::PasswordChanged, located.demands(now), now)?;
                let by_work = attempts::hashes_for_user(located.standing.user.id);
                attempts::wrong(conn, &by_work, &throttles.work, now)?;
                Owner::of(conn, located.standing)
            })
            .await?;
        let good = self.accept_password(owner, new_password, None).await?;
        let verdict: Verdict<_> = self
            .store
            .write(move |conn| {
                let mut located = Located::by_token(conn, digest)?;
                let outcome = located.stored.challenge.apply(Event::PasswordChanged, located.demands(now), now)?;
                // What was compared with is not the password any more: this login's is void.
                if !good.follows(&located.standing) {
                    return Err(Error::ChallengeInvalid);
                }
                good.set(conn, &core, &located.standing, None, now)?;
                located.stored.shortcomings = Shortcomings::NONE;
                located.refreshed(conn)?.conclude(conn, &core, outcome, now)
            })
            .await;
        verdict??.into_result(&self.core, token, now)
    }
}
