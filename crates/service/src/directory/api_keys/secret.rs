//! Issues secrets for keys, and decides who is shown one.

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
    model::{Actor, Versioned},
};

/// A key with its new secret.
#[derive(Debug)]
pub struct IssuedApiKey {
    /// The key.
    pub key: Versioned<ApiKeyView>,
    /// What a program sends as its bearer token; shown only once.
    pub secret: SecretString,
}

/// For how long a replaced secret can request the lost reply again. Long enough for a program that retries after its
/// network failed; short enough that the secret is not stolen and its idempotency key not guessed meanwhile: whoever
/// has both at that time could have made the request.
const LOST_REPLY: TimeDelta = TimeDelta::minutes(2);

/// The error message for a caller whose secret has been replaced.
const REPLACED: &str = "the secret that you sent has been replaced and will expire; send the newest one to create \
                        others";

/// The reply, as stored for its idempotency key.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    key: Versioned<ApiKeyView>,
    secret: String,
    /// The digest of the secret that made the request, in hexadecimal; `None`: a user made it.
    #[serde(default)]
    asked_with: Option<String>,
}

impl Kept {
    /// What to store of the reply to `actor`.
    pub(super) fn new(actor: &Actor, key: Versioned<ApiKeyView>, secret: &PlainToken) -> Self {
        Self { key, secret: secret.expose().to_owned(), asked_with: asked_with(actor) }
    }

    /// Checks that `actor`, who repeats the request first made at `first_asked`, may be given the stored reply.
    ///
    /// Idempotency keys are not secret; many can be guessed. So a replaced secret of an API key could still get what it
    /// may no longer create: the secret after it, or that of another key, and a thief of it would outlive the rotation.
    /// On the other hand, the rotation itself replaces the secret of an honest program that did not get the reply. Only
    /// time tells the two apart. So the very secret that made the request gets the reply again for [`LOST_REPLY`];
    /// another replaced secret never does. A caller with the newest secret could create another one anyway, and a user
    /// does not authenticate with a secret that can be replaced.
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

/// Makes a secret for the key and shows it to the actor, who is responsible for it from now on. `recipient`: the result
/// of [`recipient`] for the actor.
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

/// The key of the program that will be shown a secret which the actor makes for `key`; `None`: it is shown to the user
/// who is responsible for it. A program that renews its own key is shown nothing that it did not know.
///
/// # Errors
/// [`Error::Conflict`] when the actor's own secret was shown to a program: revoking that program's key would then not
/// take back everything that came of it. Also when the actor's secret has been replaced: a thief of it would outlive
/// the replacement.
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
            "the secret that you sent was handed to a program, so it cannot create secrets for other keys; use a key \
             whose secret was shown to a person",
        );
    }
    Ok(Some((own.account_id, own.api_key_id)))
}
