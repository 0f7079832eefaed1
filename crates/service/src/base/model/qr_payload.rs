//! What hands a secret over to a phone.

use two_factor::{Provisioning, Qr, Secret};
use zeroize::Zeroizing;

use crate::base::error::{Error, Result};

/// The address in the QR code, and the QR code.
#[derive(Debug)]
pub struct QrPayload {
    /// The names and the URI.
    pub provisioning: Provisioning,
    /// The URI as a picture.
    pub qr: Qr,
    /// For who cannot scan: base32, without padding.
    pub secret: Base32Secret,
}

/// A secret in base32; no Debug shows it.
pub struct Base32Secret(Zeroizing<String>);

impl Base32Secret {
    /// The characters to type.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Base32Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Base32Secret(..)")
    }
}

impl QrPayload {
    /// Hands `secret` over under the user's name at the account's name.
    pub(crate) fn new(secret: &Secret, account_name: &str, username: &str) -> Result<Self> {
        let provisioning = Provisioning::new(secret, account_name, username);
        let qr = Qr::encode(provisioning.uri()).map_err(|why| Error::Internal(why.to_string()))?;
        Ok(Self { provisioning, qr, secret: Base32Secret(secret.to_base32()) })
    }
}
