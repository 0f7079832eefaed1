//! The keys that sign access tokens, from the database into memory.

use std::sync::Arc;

use kernel::OsRandom;
use store::tables::signing_keys;

use crate::{Result, seal::Purpose, service::Service, tokens::SigningKey};

impl Service {
    /// Makes a signing key unless there is one.
    pub(super) async fn make_first_signing_key(&self) -> Result<()> {
        let (core, now) = (Arc::clone(&self.core), self.core.now());
        let der = SigningKey::generate(&mut OsRandom)?;
        let kid = SigningKey::from_pkcs8(&der)?.public().kid.clone();
        self.store
            .write(move |conn| {
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

    /// Loads all signing keys. An error when one does not open: then the master key is not the one of this database.
    pub(crate) async fn load_signing_keys(&self) -> Result<()> {
        let stored = self.store.read(signing_keys::all).await?;
        let open = |key: &signing_keys::SigningKey| {
            let der = self.core.sealer.open(Purpose::SigningKey, key.kid.as_bytes(), &key.sealed_key)?;
            SigningKey::from_pkcs8(&der)
        };
        self.core.keys.replace(stored.iter().map(open).collect::<Result<_>>()?);
        Ok(())
    }
}
