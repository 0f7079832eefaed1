//! Abandons a login.

use auth::challenge::Event;
use store::tables::sign_in::challenges;

use super::located::{Located, parse_token};
use crate::base::{audit::Action, error::Result, model::Source, service::Service};

impl Service {
    /// Ends a login without a session.
    ///
    /// # Errors
    /// [`crate::base::error::Error::ChallengeInvalid`] when it has already ended.
    pub async fn abandon_login(&self, token: &str, source: &Source) -> Result<()> {
        let (digest, source, now) = (parse_token(token)?.digest(), source.clone(), self.core.now());
        self.write(move |conn, audit| {
            let mut located = Located::by_token(conn, digest, &source)?;
            let outcome = located.stored.challenge.apply(Event::Abandoned, located.demands(now)?, now)?;
            located.stored.challenge = outcome.challenge;
            challenges::save(conn, &located.stored)?;
            audit.record(located.standing.account.id, located.event(Action::LoginAbandoned));
            Ok(())
        })
        .await
    }
}
