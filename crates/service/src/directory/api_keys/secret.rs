//! A new secret for a key.

use chrono::TimeDelta;
use data_encoding::HEXLOWER;
use kernel::{AccountId, ApiKeyId, OsRandom, PlainToken, Time, TokenKind};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::{
    Conn,
    tables::directory::{
        api_key_secrets::{self, ApiKeySecret},
        api_keys::ApiKey,
    },
};

use super::ApiKeyView;
use crate::base::{
    error::{Error, Result},
    model::Actor,
};

/// A key whose secret can be told.
#[derive(Debug)]
pub struct IssuedApiKey {
    /// The key.
    pub key: ApiKeyView,
    /// What a program sends as its bearer token; shown this once.
    pub secret: SecretString,
}

/// For how long a secret that has been replaced can ask for the reply again that it did not get. Long enough for a program
/// that tries again after its network failed, short enough that the secret is not stolen and its idempotency key not guessed
/// in the meantime: whoever has both at that moment could have made the request.
const LOST_REPLY: TimeDelta = TimeDelta::minutes(2);

/// What a caller reads whose secret has been replaced.
const REPLACED: &str = "the secret that was sent has been replaced and will end; send the newest one to make others";

/// The reply, as it is kept for its idempotency key.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    key: ApiKeyView,
    secret: String,
    /// The digest of the secret that asked, in hexadecimal; `None`: a person asked.
    #[serde(default)]
    asked_with: Option<String>,
}

impl Kept {
    /// What `actor` is told.
    pub(super) fn new(actor: &Actor, key: ApiKeyView, secret: &PlainToken) -> Self {
        Self { key, secret: secret.expose().to_owned(), asked_with: asked_with(actor) }
    }

    /// Whether `actor`, who has sent the request again, is told the same as at `first_asked`.
    ///
    /// Idempotency keys are no secrets; many can be guessed. So a secret of an API key that has been replaced could still get
    /// what it may not make any more: the secret after it, or that of another key, and whoever has stolen it would outlive the
    /// rotation. On the other hand the rotation itself replaces the secret of an honest program that did not get the reply.
    /// Nothing but time tells the two apart. So the very secret that asked is told again for [`LOST_REPLY`]; another one that
    /// has been replaced, never. Whoever sends the newest secret could make another one anyway, and a person is no secret.
    ///
    /// # Errors
    /// [`Error::Conflict`].
    pub(super) fn is_told_again(&self, conn: &mut Conn, actor: &Actor, first_asked: Time, now: Time) -> Result<()> {
        let Some(presented) = actor.api_key() else { return Ok(()) };
        let own = api_key_secrets::by_digest(conn, presented.secret)?.ok_or(Error::InvalidToken)?.secret;
        let asked_itself = self.asked_with.is_some() && self.asked_with == asked_with(actor);
        if own.ends_at.is_none() || (asked_itself && now - first_asked <= LOST_REPLY) {
            return Ok(());
        }
        Err(Error::Conflict(REPLACED.to_owned()))
    }
}

fn asked_with(actor: &Actor) -> Option<String> {
    actor.api_key().map(|presented| HEXLOWER.encode(presented.secret.as_bytes()))
}

impl From<Kept> for IssuedApiKey {
    fn from(kept: Kept) -> Self {
        Self { key: kept.key, secret: kept.secret.into() }
    }
}

/// The key of a program: its account and its id.
type Recipient = (AccountId, ApiKeyId);

/// Makes a secret for the key, and shows it to the actor, who answers for it from here on. `recipient`: what [`recipient`] says
/// of the actor.
pub(super) fn issue(
    conn: &mut Conn,
    actor: &Actor,
    key: &ApiKey,
    recipient: Option<Recipient>,
    now: Time,
) -> Result<PlainToken> {
    let secret = PlainToken::generate(TokenKind::ApiKey, &mut OsRandom);
    let row = ApiKeySecret {
        digest: secret.digest(),
        account_id: key.account_id,
        api_key_id: key.id,
        answerable: actor.answerable(),
        recipient,
        created_at: now,
        ends_at: None,
    };
    api_key_secrets::insert(conn, &row)?;
    Ok(secret)
}

/// The key of the program that a secret is shown to which the actor makes for `key` at this moment; `None`: it is shown to the
/// person who answers for it. A program that renews its own key is shown nothing that it did not know.
///
/// # Errors
/// [`Error::Conflict`] when the actor's own secret was shown to a program: then revoking that program's key would not take
/// back all that came of it. And when it has been replaced: whoever has stolen it would outlive it.
pub(super) fn recipient(
    conn: &mut Conn,
    actor: &Actor,
    account: AccountId,
    key: ApiKeyId,
) -> Result<Option<Recipient>> {
    let Some(presented) = actor.api_key() else { return Ok(None) };
    let own = api_key_secrets::by_digest(conn, presented.secret)?.ok_or(Error::InvalidToken)?.secret;
    let refuse = |why: &str| Err(Error::Conflict(why.to_owned()));
    if own.ends_at.is_some() {
        return refuse(REPLACED);
    }
    if actor.is_key(account, key) {
        return Ok(own.recipient);
    }
    if own.recipient.is_some() {
        return refuse(
            "the secret that was sent was handed to a program, so it makes none for other keys; use a key whose secret a \
             person was shown",
        );
    }
    Ok(Some((own.account_id, own.api_key_id)))
}
