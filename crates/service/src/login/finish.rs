//! The session, when the policy has stopped asking in mid-login.

use std::sync::Arc;

use auth::challenge::Event;

use super::located::{Located, parse_token};
use crate::{LoginResult, Result, error::Verdict, service::Service};

impl Service {
    /// Begins the session of a login at which nothing is left to do.
    ///
    /// # Errors
    /// [`crate::Error::WrongStep`] when something is.
    pub async fn finish_login(&self, token: &str) -> Result<LoginResult> {
        let token = parse_token(token)?;
        let (digest, core, now) = (token.digest(), Arc::clone(&self.core), self.core.now());
        let verdict: Verdict<_> = self
            .store
            .write(move |conn| {
                let located = Located::by_token(conn, digest)?;
                let outcome = located.stored.challenge.apply(Event::SessionAsked, located.demands(now), now)?;
                located.conclude(conn, &core, outcome, now)
            })
            .await;
        verdict??.into_result(&self.core, token, now)
    }
}
