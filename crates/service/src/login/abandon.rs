//! Giving up.

use auth::challenge::Event;
use store::tables::challenges;

use super::located::{Located, parse_token};
use crate::{Result, service::Service};

impl Service {
    /// Ends a login without a session.
    ///
    /// # Errors
    /// [`crate::Error::ChallengeInvalid`] when it is over already.
    pub async fn abandon_login(&self, token: &str) -> Result<()> {
        let (digest, now) = (parse_token(token)?.digest(), self.core.now());
        self.store
            .write(move |conn| {
                let mut located = Located::by_token(conn, digest)?;
                let outcome = located.stored.challenge.apply(Event::Abandoned, located.demands(now), now)?;
                located.stored.challenge = outcome.challenge;
                Ok(challenges::save(conn, &located.stored)?)
            })
            .await
    }
}
