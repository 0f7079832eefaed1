//! The key that the server and the phone share.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use kernel::Random;
use zeroize::Zeroizing;

const BYTES: usize = 20;

/// A shared secret of 160 bits, the length that RFC 4226 §4 (R6) recommends. Wiped from memory when dropped.
pub struct Secret(Zeroizing<[u8; BYTES]>);

impl Secret {
    /// A new secret.
    pub fn generate(random: &mut impl Random) -> Self {
        // Filled in place: a returned array would leave a copy on the stack.
        let mut bytes = Zeroizing::new([0; BYTES]);
        random.fill(&mut *bytes);
        Self(bytes)
    }

    /// The secret with these bytes; `None` unless there are exactly 20.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// The 20 bytes, to be sealed for the database.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The 32 characters that a person types who cannot scan the QR code: base32 (RFC 4648 §6), no padding.
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
    fn a_secret_has_exactly_160_bits() {
        for length in [0, 10, 19, 21, 32] {
            assert!(Secret::from_bytes(&vec![7; length]).is_none(), "{length} bytes");
        }
        assert_eq!(Secret::from_bytes(&[7; 20]).unwrap().as_bytes(), [7; 20]);
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
