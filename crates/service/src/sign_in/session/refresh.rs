//! Refreshes a session's tokens.

use auth::session::{Ended, Refresh, refresh};
use kernel::{OsRandom, PlainToken, TokenKind};
use store::tables::sign_in::{refresh_tokens, sessions};

use crate::{
    base::{
        audit::{Action, Outcome},
        error::{Error, Result, Verdict},
        model::Source,
        service::Service,
        throttling,
    },
    sign_in::{Authenticated, Opened, SignInState},
};

impl Service {
    /// Exchanges a refresh token for new tokens; the access token contains the current permissions. A refresh token
    /// works once: a second use ends the session, since one of the two senders is a thief (RFC 9700 §4.14.2).
    ///
    /// # Errors
    /// [`Error::InvalidToken`]; [`Error::TooManyRequests`], which does not use up the token.
    pub async fn refresh(&self, refresh_token: &str, source: &Source) -> Result<Authenticated> {
        let token = PlainToken::parse(TokenKind::Refresh, refresh_token).map_err(|_| Error::InvalidToken)?;
        let (digest, source, now) = (token.digest(), source.clone(), self.core.now());
        let verdict: Verdict<Opened> = self
            .transact_at(now, move |tx| {
                let found = refresh_tokens::by_digest(tx.conn, digest)?.ok_or(Error::InvalidToken)?;
                let session =
                    sessions::by_id(tx.conn, found.account_id, found.session_id)?.ok_or(Error::InvalidToken)?;
                let state = SignInState::lock_active(tx.conn, session.account_id, session.user_id)?;
                let state = state.ok_or(Error::InvalidToken)?;
                // Again, now that nobody else can change them: the same token may have come twice.
                let found = refresh_tokens::by_digest(tx.conn, digest)?.ok_or(Error::InvalidToken)?;
                let mut session =
                    sessions::by_id(tx.conn, found.account_id, found.session_id)?.ok_or(Error::InvalidToken)?;
                match refresh(session.session, found.used, tx.core.settings.sessions, tx.now) {
                    Refresh::Refused => Err(Error::InvalidToken),
                    Refresh::EndSession => {
                        sessions::end(tx.conn, session.account_id, session.id, Ended::RefreshTokenReused)?;
                        // The sender may be a thief.
                        let reused = source.anonymous(Action::SessionRefreshReused).on(&state.user);
                        let reused = reused.ending_in(Outcome::Failure).with("session_id", session.id.to_string());
                        tx.record(session.account_id, reused);
                        tracing::warn!(session = %session.id, "a refresh token was used twice; its session has ended");
                        Ok(Err(Error::InvalidToken))
                    }
                    Refresh::Rotate(renewed) => {
                        let by_session = throttling::refreshes_of_session(session.id);
                        throttling::record_failure(tx.conn, &by_session, &tx.core.settings.throttles.work, tx.now)?;
                        refresh_tokens::set_used(tx.conn, digest, tx.now)?;
                        sessions::set_idle_end(tx.conn, session.account_id, session.id, renewed.idle_expires_at)?;
                        session.session = renewed;
                        let next = PlainToken::generate(TokenKind::Refresh, &mut OsRandom);
                        refresh_tokens::insert(tx.conn, next.digest(), session.account_id, session.id, tx.now)?;
                        Ok(Ok(Opened { session, refresh_token: next, user: state.view(tx.now) }))
                    }
                }
            })
            .await;
        self.core.authenticated(verdict??, now)
    }
}
