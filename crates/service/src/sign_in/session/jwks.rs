//! Returns the public keys.

use crate::base::{service::Service, tokens::PublicKey};

impl Service {
    /// The keys that verify access tokens, the signing one first (RFC 7517 §5).
    pub fn public_keys(&self) -> Vec<PublicKey> {
        self.core.keys.public()
    }
}
