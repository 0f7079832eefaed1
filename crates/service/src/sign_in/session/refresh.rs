//! Refreshes a session's tokens.

use std::sync::Arc;

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
    sign_in::{Authenticated, Opened, Standing},
};

impl Service {
    /// Exchanges a refresh token for new tokens; the access token contains the current permissions. A refresh token
    /// works once: a second use ends the session, since one of the two senders is a thief (RFC 9700 §4.14.2).
    ///
    /// # Errors
    /// [`Error::InvalidToken`]; [`Error::TooManyRequests`], which does not use up the token.
    pub async fn refresh(&self, refresh_token: &str, source: &Source) -> Result<Authenticated> {
        let token = PlainToken::parse(TokenKind::Refresh, refresh_token).map_err(|_| Error::InvalidToken)?;
        let (digest, core, source, now) = (token.digest(), Arc::clone(&self.core), source.clone(), self.core.now());
        let verdict: Verdict<Opened> = self
            .write(move |conn, audit| {
                let found = refresh_tokens::by_digest(conn, digest)?.ok_or(Error::InvalidToken)?;
                let session = sessions::by_id(conn, found.account_id, found.session_id)?.ok_or(Error::InvalidToken)?;
                let standing = Standing::of_active(conn, session.account_id, session.user_id)?;
                let standing = standing.ok_or(Error::InvalidToken)?;
                // Again, now that nobody else can change them: the same token may have come twice.
                let found = refresh_tokens::by_digest(conn, digest)?.ok_or(Error::InvalidToken)?;
                let mut session =
                    sessions::by_id(conn, found.account_id, found.session_id)?.ok_or(Error::InvalidToken)?;
                match refresh(session.session, found.used, core.settings.sessions, now) {
                    Refresh::Refused => Err(Error::InvalidToken),
                    Refresh::EndSession => {
                        sessions::end(conn, session.account_id, session.id, Ended::RefreshTokenReused)?;
                        // The sender may be a thief.
                        let reused = source.anonymous(Action::SessionRefreshReused).on(&standing.user);
                        let reused = reused.ending_in(Outcome::Failure).with("session_id", session.id.to_string());
                        audit.record(session.account_id, reused);
                        tracing::warn!(session = %session.id, "a refresh token was used twice; its session has ended");
                        Ok(Err(Error::InvalidToken))
                    }
                    Refresh::Rotate(renewed) => {
                        let by_session = throttling::refreshes_of_session(session.id);
                        throttling::wrong(conn, &by_session, &core.settings.throttles.work, now)?;
                        refresh_tokens::set_used(conn, digest, now)?;
                        sessions::set_idle_end(conn, session.account_id, session.id, renewed.idle_expires_at)?;
                        session.session = renewed;
                        let refresh_token = PlainToken::generate(TokenKind::Refresh, &mut OsRandom);
                        refresh_tokens::insert(conn, refresh_token.digest(), session.account_id, session.id, now)?;
                        Ok(Ok(Opened { session, refresh_token, user: standing.view(now) }))
                    }
                }
            })
            .await;
        self.core.authenticated(verdict??, now)
    }
}
