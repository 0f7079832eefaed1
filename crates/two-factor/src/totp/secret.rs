//! The key that the server and the phone share.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use kernel::Random;
use zeroize::Zeroizing;

/// Bytes of a generated secret: the length that RFC 4226 §4 (R6) recommends.
const BYTES: usize = 20;

/// Bytes that a secret may have. Other systems use 80 bits (Google's own sign-in), 128, 256 or 512; beyond the block of
/// HMAC-SHA-1, 64 bytes, a secret gains nothing (RFC 2104 §3).
const ACCEPTED_BYTES: std::ops::RangeInclusive<usize> = 10..=64;

/// A shared secret. Generated ones have 160 bits, imported ones 80 to 512. Wiped from memory when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// A new secret.
    pub fn generate(random: &mut impl Random) -> Self {
        // Filled in place: a returned array would leave a copy on the stack.
        let mut bytes = Zeroizing::new(vec![0; BYTES]);
        random.fill(&mut bytes);
        Self(bytes)
    }

    /// The secret with these bytes; `None` unless there are 10 to 64.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        ACCEPTED_BYTES.contains(&bytes.len()).then(|| Self(Zeroizing::new(bytes.to_vec())))
    }

    /// The bytes, to be sealed for the database.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Base32 (RFC 4648 §6) without padding, for users who cannot scan the QR code and must type it. A generated secret
    /// has 32 characters.
    pub fn to_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(self.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use kernel::OsRandom;

    use super::*;

    #[test]
    fn ours_have_160_bits_and_imported_ones_80_to_512() {
        assert_eq!(Secret::generate(&mut OsRandom).as_bytes().len(), 20);
        for length in [0, 1, 9, 65, 1_000] {
            assert!(Secret::from_bytes(&vec![7; length]).is_none(), "{length} bytes");
        }
        for length in [10, 16, 20, 32, 64] {
            assert_eq!(Secret::from_bytes(&vec![7; length]).unwrap().as_bytes(), vec![7; length]);
        }
    }

    #[test]
    fn generated_secrets_differ() {
        let (one, other) = (Secret::generate(&mut OsRandom), Secret::generate(&mut OsRandom));
        assert_ne!(one.as_bytes(), other.as_bytes());
        assert_ne!(one.as_bytes(), [0; 20]);
    }

    #[test]
    fn base32_has_no_padding() {
        let secret = Secret::from_bytes(b"12345678901234567890").unwrap();
        assert_eq!(*secret.to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::from_bytes(&[7; 20]).unwrap()), "Secret(..)");
    }
}
