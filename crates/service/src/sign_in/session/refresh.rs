//! Refreshes a session's tokens.

use auth::session::{Ended, Presented, Refresh, refresh};
use kernel::{OsRandom, PlainToken, TokenDigest, TokenKind};
use store::{
    Conn,
    tables::sign_in::{
        refresh_tokens::{self, RefreshToken},
        sessions::{self, LastRefresh},
    },
};

use crate::{
    base::{
        audit::{Action, Outcome},
        error::{Error, Result, Verdict},
        idempotency::IdempotencyKey,
        model::Source,
        seal::Purpose,
        service::{Core, Service},
        throttling,
    },
    sign_in::{Authenticated, Issued, KeptTokens, Opened, Repeatable, SignInState},
};

impl Service {
    /// Exchanges a refresh token for new tokens; the access token contains the current permissions.
    ///
    /// A refresh token is exchanged once: a second use ends the session, since one of the two senders is a thief (RFC
    /// 9700 §4.14.2). Two repeats are no theft. Within ten seconds, as long as the successor has not been used, anybody
    /// who has the token gets the same successor: two tabs. Within two minutes whoever repeats the request with the same
    /// key gets the same reply: a reply that was lost.
    ///
    /// # Errors
    /// [`Error::InvalidToken`]; [`Error::IdempotencyKeyReused`]; [`Error::TooManyRequests`], which does not use up the
    /// token.
    pub async fn refresh(
        &self,
        refresh_token: &str,
        source: &Source,
        key: Option<IdempotencyKey>,
    ) -> Result<Authenticated> {
        let token = PlainToken::parse(TokenKind::Refresh, refresh_token).map_err(|_| Error::InvalidToken)?;
        let repeatable = Repeatable::new(key.as_ref(), &token);
        let (digest, source, now) = (token.digest(), source.clone(), self.core.now());
        let verdict: Verdict<Issued> = self
            .transact_at(now, move |tx| {
                let found = refresh_tokens::by_digest(tx.conn, digest)?.ok_or(Error::InvalidToken)?;
                let session =
                    sessions::by_id(tx.conn, found.account_id, found.session_id)?.ok_or(Error::InvalidToken)?;
                let state = SignInState::lock_active(tx.conn, session.account_id, session.user_id)?;
                let state = state.ok_or(Error::InvalidToken)?;
                let owner = (session.account_id, session.user_id);
                let by_session = throttling::refreshes_of_session(session.id);
                let kept = repeatable.map(|it| it.first_reply::<KeptTokens>(tx)).transpose()?.flatten();
                if let Some(again) = kept.map(|kept| kept.again(tx, &state)).transpose()?.flatten() {
                    throttling::record_failure(tx.conn, &by_session, &tx.core.settings.throttles.work, tx.now)?;
                    return Ok(Ok(Issued::Signed(Box::new(again))));
                }
                // Again, now that nobody else can change them: the same token may have come twice.
                let found = refresh_tokens::by_digest(tx.conn, digest)?.ok_or(Error::InvalidToken)?;
                let mut session =
                    sessions::by_id(tx.conn, found.account_id, found.session_id)?.ok_or(Error::InvalidToken)?;
                let (presented, last) = presented(tx.conn, &found, digest)?;
                let refresh_token = match refresh(session.session, presented, tx.core.settings.sessions, tx.now) {
                    Refresh::Refused => return Err(Error::InvalidToken),
                    Refresh::EndSession => {
                        sessions::end(tx.conn, session.account_id, session.id, Ended::RefreshTokenReused)?;
                        // The sender may be a thief.
                        let reused = source.anonymous(Action::SessionRefreshReused).on(&state.user);
                        let reused = reused.ending_in(Outcome::Failure).with("session_id", session.id.to_string());
                        tx.record(session.account_id, reused);
                        tracing::warn!(session = %session.id, "a refresh token was used twice; its session has ended");
                        return Ok(Err(Error::InvalidToken));
                    }
                    Refresh::Repeat => successor(tx.core, &last.ok_or(Error::InvalidToken)?)?,
                    Refresh::Rotate(renewed) => {
                        refresh_tokens::set_used(tx.conn, digest, tx.now)?;
                        let next = PlainToken::generate(TokenKind::Refresh, &mut OsRandom);
                        refresh_tokens::insert(tx.conn, next.digest(), session.account_id, session.id, tx.now)?;
                        let sealed_successor = tx.core.sealer.seal(
                            Purpose::Successor,
                            digest.as_bytes(),
                            next.expose().as_bytes(),
                            &mut OsRandom,
                        )?;
                        let last = LastRefresh { predecessor: digest, sealed_successor };
                        let (account, id) = (session.account_id, session.id);
                        sessions::set_refreshed(tx.conn, account, id, renewed.idle_expires_at, &last)?;
                        session.session = renewed;
                        next
                    }
                };
                throttling::record_failure(tx.conn, &by_session, &tx.core.settings.throttles.work, tx.now)?;
                let opened = Opened { session, refresh_token, user: state.view(tx.now) };
                let mut issued = Issued::Unsigned(Box::new(opened));
                if let Some(repeatable) = repeatable {
                    let signed = issued.signed(tx.core, tx.now)?;
                    repeatable.keep(tx, owner, &KeptTokens::of(&signed, tx.now))?;
                    issued = Issued::Signed(Box::new(signed));
                }
                Ok(Ok(issued))
            })
            .await;
        verdict??.signed(&self.core, now)
    }
}

/// What is known of the token with this digest, and the refresh in which it was used, if that was the last one.
fn presented(conn: &mut Conn, found: &RefreshToken, digest: TokenDigest) -> Result<(Presented, Option<LastRefresh>)> {
    let Some(used_at) = found.used_at else { return Ok((Presented::Unused, None)) };
    let last = sessions::last_refresh(conn, found.account_id, found.session_id)?;
    let last = last.filter(|last| last.predecessor == digest);
    let presented = if last.is_some() { Presented::Predecessor { used_at } } else { Presented::Outdated };
    Ok((presented, last))
}

/// The refresh token that was given in this refresh.
fn successor(core: &Core, last: &LastRefresh) -> Result<PlainToken> {
    let text = core.sealer.open(Purpose::Successor, last.predecessor.as_bytes(), &last.sealed_successor)?;
    let text = std::str::from_utf8(&text).ok().and_then(|text| PlainToken::parse(TokenKind::Refresh, text).ok());
    text.ok_or_else(|| Error::Internal("a sealed refresh token is malformed".to_owned()))
}
