//! The hash of an entry.

use std::fmt;

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::canonical::canonical;

/// A SHA-256 digest of an entry and of everything before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash before the first entry.
    pub const ZERO: Self = Self([0; 32]);

    /// The hash of `entry` after `self`.
    pub(crate) fn followed_by(self, entry: &Value) -> Self {
        Self(Sha256::new().chain_update(self.0).chain_update(canonical(entry)).finalize().into())
    }

    /// The hash with these bytes; there must be 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Lowercase hexadecimal.
impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_two_bytes_are_a_hash_and_print_as_hexadecimal() {
        let bytes = [[0xab; 16], [1; 16]].concat();
        let hash = Hash::from_bytes(&bytes).unwrap();
        assert_eq!(hash.as_bytes(), bytes.as_slice());
        let text = format!("{}{}", "ab".repeat(16), "01".repeat(16));
        assert_eq!((hash.to_string(), format!("{hash:?}")), (text.clone(), text));
        assert_eq!((Hash::from_bytes(&bytes[1..]), Hash::from_bytes(&[0; 33])), (None, None));
    }
}
