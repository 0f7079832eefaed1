//! Loads the keys that sign access tokens from the database.

use std::sync::Arc;

use kernel::OsRandom;
use store::{
    Store,
    tables::{directory::accounts, platform::signing_keys},
};

use crate::base::platform_account::PLATFORM_SLUG;
use crate::base::{
    error::Result,
    seal::{Purpose, Sealer},
    service::Service,
    tokens::SigningKey,
};

impl Service {
    /// Creates a signing key unless there is one. Of two nodes that find none at the same time only one creates it:
    /// they may have different master keys, and what one has sealed the other could not open.
    pub(super) async fn make_first_signing_key(&self) -> Result<()> {
        let (core, now) = (Arc::clone(&self.core), self.core.now());
        let der = SigningKey::generate(&mut OsRandom)?;
        let kid = SigningKey::from_pkcs8(&der)?.public().kid.clone();
        self.store
            .write(move |conn| {
                if let Some(platform) = accounts::by_slug(conn, PLATFORM_SLUG)? {
                    accounts::lock(conn, platform.id)?;
                }
                if signing_keys::all(conn)?.is_empty() {
                    let sealed_key = core.sealer.seal(Purpose::SigningKey, kid.as_bytes(), &der, &mut OsRandom)?;
                    signing_keys::insert(
                        conn,
                        &signing_keys::SigningKey { kid: kid.clone(), sealed_key, created_at: now },
                    )?;
                }
                Ok(())
            })
            .await
    }

    /// Loads all signing keys. Fails when one cannot be opened: then the master key is not the one of this database.
    pub(crate) async fn load_signing_keys(&self) -> Result<()> {
        self.core.keys.replace(opened(&self.store, &self.core.sealer).await?);
        Ok(())
    }
}

/// All signing keys, opened.
pub(super) async fn opened(store: &Store, sealer: &Sealer) -> Result<Vec<SigningKey>> {
    let stored = store.read(signing_keys::all).await?;
    let open = |key: &signing_keys::SigningKey| {
        let der = sealer.open(Purpose::SigningKey, key.kid.as_bytes(), &key.sealed_key)?;
        SigningKey::from_pkcs8(&der)
    };
    stored.iter().map(open).collect()
}
