//! Gives a reply with secrets that are shown once again to a client that has lost it.
//!
//! The client proves that it is the same one by the token and the `Idempotency-Key` of the first request. The reply is
//! void as soon as its session has ended.

use chrono::TimeDelta;
use kernel::{AccountId, OsRandom, PlainToken, SessionId, Time, TokenDigest, TokenKind, UserId};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use store::tables::sign_in::{
    one_time_replies::{self, OneTimeReply, RepeatKey},
    sessions,
};
use zeroize::Zeroizing;

use super::{Authenticated, SessionView, SignInState};
use crate::base::{
    error::{Error, Result},
    idempotency::IdempotencyKey,
    seal::Purpose,
    tx::Tx,
};

/// How long a reply is kept: longer than a phone needs to find its network again.
const KEPT_FOR: TimeDelta = TimeDelta::minutes(2);

/// A request whose reply can be asked for again.
#[derive(Clone, Copy)]
pub(crate) struct Repeatable {
    key: RepeatKey,
    request_digest: [u8; 32],
}

impl Repeatable {
    /// The request that was authenticated with `token`. `None`: it came without a key.
    pub(crate) fn new(key: Option<&IdempotencyKey>, token: &PlainToken) -> Option<Self> {
        let key = key?;
        // The request may contain a password, and nobody may be able to guess it from what the database holds. So the digest
        // covers the token, of which the database does not hold the clear text.
        let request = Sha256::new().chain_update(token.expose()).chain_update(key.request_digest());
        let repeat = RepeatKey { token: token.digest(), key: key.key_digest() };
        Some(Self { key: repeat, request_digest: request.finalize().into() })
    }

    /// The request of a signed-in user, in this session.
    pub(crate) fn in_session(key: &IdempotencyKey, session: SessionId) -> Self {
        let token = TokenDigest::from_bytes(Sha256::digest(session.as_bytes()).into());
        Self { key: RepeatKey { token, key: key.key_digest() }, request_digest: key.request_digest() }
    }

    /// The first reply, if it is still kept. Who waits for the user's lock asks again once they have it.
    ///
    /// # Errors
    /// [`Error::IdempotencyKeyReused`] when the key came with another request.
    pub(crate) fn first_reply<T: DeserializeOwned>(&self, tx: &mut Tx<'_>) -> Result<Option<T>> {
        let Some(kept) = one_time_replies::get(tx.conn, self.key, tx.now)? else { return Ok(None) };
        if kept.request_digest != self.request_digest {
            return Err(Error::IdempotencyKeyReused);
        }
        let text = tx.core.sealer.open(Purpose::OneTimeReply, self.key.token.as_bytes(), &kept.sealed_reply)?;
        serde_json::from_slice(&text).map(Some).map_err(|why| internal(&why))
    }

    /// Keeps the reply to this user, who is locked.
    pub(crate) fn keep<T: Serialize>(&self, tx: &mut Tx<'_>, owner: (AccountId, UserId), reply: &T) -> Result<()> {
        let text = Zeroizing::new(serde_json::to_vec(reply).map_err(|why| internal(&why))?);
        let owner_of_seal = self.key.token.as_bytes();
        let kept = OneTimeReply {
            account_id: owner.0,
            user_id: owner.1,
            request_digest: self.request_digest.to_vec(),
            sealed_reply: tx.core.sealer.seal(Purpose::OneTimeReply, owner_of_seal, &text, &mut OsRandom)?,
            expires_at: tx.now + KEPT_FOR,
        };
        Ok(one_time_replies::put(tx.conn, self.key, &kept)?)
    }
}

fn internal(why: &serde_json::Error) -> Error {
    Error::Internal(format!("a one-time reply: {why}"))
}

/// The tokens of a reply, as they are kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptTokens {
    session_id: SessionId,
    signed_at: Time,
    access_token: String,
    expires_in: u32,
    refresh_token: String,
}

impl KeptTokens {
    /// Those of this reply, which were signed at `now`.
    pub(crate) fn of(reply: &Authenticated, now: Time) -> Self {
        Self {
            session_id: reply.session.id,
            signed_at: now,
            access_token: reply.access_token.expose_secret().to_owned(),
            expires_in: reply.expires_in,
            refresh_token: reply.refresh_token.expose().to_owned(),
        }
    }

    /// The reply with them to their user, who is locked. `None`: the session is over.
    pub(crate) fn again(self, tx: &mut Tx<'_>, state: &SignInState) -> Result<Option<Authenticated>> {
        let refresh_token = PlainToken::parse(TokenKind::Refresh, &self.refresh_token)
            .map_err(|_| Error::Internal("a kept refresh token is malformed".to_owned()))?;
        let session = sessions::by_id(tx.conn, state.account.id, self.session_id)?;
        let Some(session) = session.filter(|it| it.session.is_alive(tx.now)) else { return Ok(None) };
        let user = state.view(tx.now);
        let expires_at = self.signed_at + TimeDelta::seconds(self.expires_in.into());
        let (access_token, expires_in) = if tx.now < expires_at {
            (self.access_token.into(), self.expires_in)
        } else {
            tx.core.access_token(&session, &user, tx.now)?
        };
        Ok(Some(Authenticated { access_token, expires_in, refresh_token, session: SessionView::of(&session), user }))
    }
}
