//! Authenticates API keys.

use chrono::TimeDelta;
use kernel::{PlainToken, TokenKind};
use store::tables::directory::api_keys;

use crate::authority::effective_key::{EffectiveKey, effective_key};
use crate::base::{
    error::{Error, Result},
    model::{Actor, Credential, PresentedKey, Source},
    service::Service,
};

/// How precisely the last use is known. A key in constant use is written once per this interval.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

impl Service {
    /// The program that sends this API key from `source`. The key's permissions and limits are read from the database
    /// at every request. A text that cannot be a key, as after a typo, is refused without a query.
    ///
    /// # Errors
    /// [`Error::InvalidToken`], whatever the reason.
    pub(crate) async fn authenticate_key(&self, text: &str, source: Source) -> Result<Actor> {
        let secret = PlainToken::parse(TokenKind::ApiKey, text).map_err(|_| Error::InvalidToken)?.digest();
        let (from, now) = (source.address, self.core.now());
        let found = self
            .store
            .read(move |conn| effective_key(conn, secret, from, &[], now))
            .await?
            .ok_or(Error::InvalidToken)?;
        let EffectiveKey { key, secret, permissions, .. } = found;
        let noted = now - NOTED_EVERY;
        if key.last_use.is_none_or(|(at, _)| at <= noted) {
            let (account, id) = (key.account_id, key.id);
            // The request does not fail for this: the next one records the use.
            let written =
                self.store.write(move |conn| Ok::<_, Error>(api_keys::used(conn, account, id, from, noted, now)?));
            if let Err(error) = written.await {
                tracing::warn!(%error, api_key = %id, "the last use of an API key could not be recorded");
            }
        }
        Ok(Actor {
            account_id: key.account_id,
            credential: Credential::ApiKey(PresentedKey {
                id: key.id,
                secret: secret.digest,
                answerable: secret.answerable,
                recipient: secret.recipient,
            }),
            name: key.name,
            permissions,
            source,
        })
    }
}
