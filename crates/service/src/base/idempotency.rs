//! Repeats the first reply to a repeated request.

use kernel::{OsRandom, Time};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use store::tables::{
    base::idempotency_keys::{self, FirstReply},
    directory::users,
};

use crate::base::{
    error::{Error, Result},
    model::{Actor, Credential},
    seal::Purpose,
    tx::Tx,
};

/// The `Idempotency-Key` of a request, and what the request was.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    key_digest: [u8; 32],
    request_digest: [u8; 32],
}

impl IdempotencyKey {
    /// The key as the client sent it. `request`: what distinguishes this request from another (method, path and body).
    pub fn new(key: &str, request: &[u8]) -> Self {
        Self { key_digest: Sha256::digest(key).into(), request_digest: Sha256::digest(request).into() }
    }

    /// SHA-256 of the key.
    pub(crate) const fn key_digest(&self) -> [u8; 32] {
        self.key_digest
    }

    /// SHA-256 of what the request was.
    pub(crate) const fn request_digest(&self) -> [u8; 32] {
        self.request_digest
    }

    /// The digest under which the reply is kept among those of the responsible user. The user and each program that
    /// they are responsible for have separate keys.
    fn of_caller(&self, actor: &Actor) -> [u8; 32] {
        match &actor.credential {
            Credential::Session(_) => self.key_digest,
            Credential::ApiKey(key) => {
                Sha256::new().chain_update(self.key_digest).chain_update(key.id.as_bytes()).finalize().into()
            }
        }
    }
}

/// Runs `first` for the first request of this caller with this key and keeps its reply in the same transaction; returns
/// that reply to every later one. Without a key it just runs `first`.
///
/// # Errors
/// Those of `first`, which are not kept; [`Error::IdempotencyKeyReused`] when the key came with another request.
pub(crate) fn once<T: Serialize + DeserializeOwned>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: Option<&IdempotencyKey>,
    first: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    once_unless(tx, actor, key, |_, _, _| Ok(()), first)
}

/// As [`once`], where not everybody who repeats the request may get the reply. `again`: checks the reply and the time
/// that it is from.
///
/// # Errors
/// Those of [`once`] and of `again`.
pub(crate) fn once_unless<T: Serialize + DeserializeOwned>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: Option<&IdempotencyKey>,
    again: impl FnOnce(&mut Tx<'_>, &T, Time) -> Result<()>,
    first: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    let Some(key) = key else { return first(tx) };
    let (account_id, user_id) = actor.answerable();
    let key_digest = key.of_caller(actor);
    // Of two requests with one key that arrive together, the second waits here for the first.
    users::lock(tx.conn, account_id, user_id)?;
    let internal = |why: serde_json::Error| Error::Internal(format!("a first reply: {why}"));
    if let Some(kept) = idempotency_keys::get(tx.conn, account_id, user_id, key_digest)? {
        if kept.request_digest != key.request_digest {
            return Err(Error::IdempotencyKeyReused);
        }
        let reply = tx.core.sealer.open(Purpose::FirstReply, user_id.as_bytes(), &kept.sealed_reply)?;
        let reply = serde_json::from_slice(&reply).map_err(internal)?;
        again(tx, &reply, kept.created_at)?;
        return Ok(reply);
    }
    let reply = first(tx)?;
    let text = zeroize::Zeroizing::new(serde_json::to_vec(&reply).map_err(internal)?);
    let sealed_reply = tx.core.sealer.seal(Purpose::FirstReply, user_id.as_bytes(), &text, &mut OsRandom)?;
    let kept = FirstReply {
        account_id,
        user_id,
        key_digest,
        request_digest: key.request_digest.to_vec(),
        sealed_reply,
        created_at: tx.now,
    };
    idempotency_keys::insert(tx.conn, &kept)?;
    Ok(reply)
}
