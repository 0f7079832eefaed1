//! Digests of recovery codes.

use std::fmt;

use kernel::UserId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::RecoveryCode;

/// Separates these digests from all other SHA-256 digests of this program.
const LABEL: &[u8] = b"latchkey recovery code v1\0";

/// SHA-256 of a recovery code and the user it belongs to. A plain hash is enough: 80 random bits cannot be guessed.
/// With the user in it, a digest copied to another user's row is useless, and one guess tests one user.
#[derive(Clone, Copy, Eq)]
pub struct RecoveryDigest([u8; 32]);

impl RecoveryCode {
    /// What the database stores for this code of `user`.
    pub fn digest(&self, user: UserId) -> RecoveryDigest {
        // All three parts have a fixed length: no two inputs concatenate to the same bytes.
        let hash = Sha256::new().chain_update(LABEL).chain_update(user.as_bytes()).chain_update(self.expose());
        RecoveryDigest(hash.finalize().into())
    }
}

impl RecoveryDigest {
    /// The digest with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for RecoveryDigest {
    /// In constant time.
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for RecoveryDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryDigest(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(text: &str) -> UserId {
        text.parse().unwrap()
    }

    fn ann() -> UserId {
        user("01890a5d-ac96-774b-bcce-b302099a8057")
    }

    #[test]
    fn one_code_in_two_spellings_has_one_digest() {
        let (one, other): (RecoveryCode, RecoveryCode) =
            ("7k2m-9xqa-0vtd-h4re".parse().unwrap(), "7K2M 9XQA OVTD H4RE".parse().unwrap());
        assert_eq!(one.digest(ann()), other.digest(ann()));
    }

    #[test]
    fn other_users_and_other_codes_have_other_digests() {
        let code: RecoveryCode = "7k2m-9xqa-0vtd-h4re".parse().unwrap();
        let other: RecoveryCode = "7k2m-9xqa-0vtd-h4rf".parse().unwrap();
        assert_ne!(code.digest(ann()), code.digest(user("01890a5d-ac96-774b-bcce-b302099a8058")));
        assert_ne!(code.digest(ann()), other.digest(ann()));
    }

    #[test]
    fn bytes_go_in_and_out() {
        let digest = RecoveryDigest::from_bytes([9; 32]);
        assert_eq!(digest.as_bytes(), &[9; 32]);
        assert_eq!(format!("{digest:?}"), "RecoveryDigest(..)");
    }

    /// Digests are stored in databases: a change of the computation would lock users out.
    #[test]
    fn the_digest_of_today_is_the_digest_of_tomorrow() {
        let code: RecoveryCode = "7k2m-9xqa-0vtd-h4re".parse().unwrap();
        let hex = data_encoding::HEXLOWER.encode(code.digest(ann()).as_bytes());
        assert_eq!(hex, "2b547519f456c9c0e766a577154c2670df06d6ccff90ba216e346e037215fff0");
    }
}
