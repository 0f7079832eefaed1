//! Hands a secret over to an authenticator app.

use two_factor::{Provisioning, Qr, Secret};
use zeroize::Zeroizing;

use crate::base::error::{Error, Result};

/// A provisioning URI and its QR code.
#[derive(Debug)]
pub struct QrPayload {
    /// The names and the URI.
    pub provisioning: Provisioning,
    /// The URI as a picture.
    pub qr: Qr,
    /// For users who cannot scan: base32, without padding.
    pub secret: Base32Secret,
}

/// A secret in base32, which `Debug` does not show.
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
    /// The payload for `secret`, named after the account and the user.
    pub(crate) fn new(secret: &Secret, account_name: &str, username: &str) -> Result<Self> {
        let provisioning = Provisioning::new(secret, account_name, username);
        let qr = Qr::encode(provisioning.uri()).map_err(|why| Error::Internal(why.to_string()))?;
        Ok(Self { provisioning, qr, secret: Base32Secret(secret.to_base32()) })
    }
}
