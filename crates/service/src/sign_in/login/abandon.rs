//! Abandons a login.

use auth::challenge::Event;
use kernel::PlainToken;
use store::tables::sign_in::challenges;

use super::open_challenge::OpenChallenge;
use crate::base::{audit::Action, error::Result, model::Source, service::Service};

impl Service {
    /// Ends a login without a session.
    ///
    /// # Errors
    /// [`crate::base::error::Error::ChallengeInvalid`] when it has already ended.
    pub async fn abandon_login(&self, token: &PlainToken, source: &Source) -> Result<()> {
        let (digest, source) = (token.digest(), source.clone());
        self.transact(move |tx| {
            let mut open = OpenChallenge::by_token(tx.conn, digest, &source)?;
            let outcome = open.stored.challenge.apply(Event::Abandoned, open.demands(tx.now)?, tx.now)?;
            open.stored.challenge = outcome.challenge;
            challenges::save(tx.conn, &open.stored)?;
            tx.record(open.state.account.id, open.event(Action::LoginAbandoned));
            Ok(())
        })
        .await
    }
}
