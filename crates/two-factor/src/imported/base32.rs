//! Base32 as people and other systems write it.

use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};
use zeroize::Zeroizing;

use super::SecretRefused;
use crate::Secret;

/// Characters that are examined: 64 bytes take 104, and there may be a space after each.
const MAX_CHARACTERS: usize = 256;

/// Base32 without padding that drops the bits of the last character which fill no byte, as apps do. Some systems make
/// secrets of random letters and leave such bits behind.
static LENIENT: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut lenient = Specification::new();
    lenient.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    lenient.check_trailing_bits = false;
    lenient.encoding().ok()
});

pub(super) fn decode(text: &str) -> Result<Secret, SecretRefused> {
    if text.len() > MAX_CHARACTERS {
        return Err(SecretRefused::Length { bytes: text.len() * 5 / 8 });
    }
    // Capacity for everything: a string that grows leaves copies behind.
    let mut symbols = Zeroizing::new(String::with_capacity(text.len()));
    symbols.extend(text.chars().filter(|c| !matches!(c, ' ' | '\t' | '-' | '\u{a0}')).map(|c| c.to_ascii_uppercase()));
    let encoding = LENIENT.as_ref().ok_or(SecretRefused::NotBase32)?;
    let symbols = symbols.trim_end_matches('=');
    let bytes = encoding.decode(symbols.as_bytes()).map(Zeroizing::new).map_err(|_| SecretRefused::NotBase32)?;
    of_length(&bytes)
}

/// The secret with these bytes, if their number is accepted.
pub(super) fn of_length(bytes: &[u8]) -> Result<Secret, SecretRefused> {
    Secret::from_bytes(bytes).ok_or(SecretRefused::Length { bytes: bytes.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_one_secret() {
        for text in [
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
            "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",
            "gezd gnbv gy3t qojq gezd gnbv gy3t qojq",
            " GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ ",
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ======",
        ] {
            assert_eq!(decode(text).unwrap().as_bytes(), b"12345678901234567890", "{text:?}");
        }
    }

    #[test]
    fn all_usual_lengths_are_taken() {
        for (text, bytes) in [("JBSWY3DPEHPK3PXP", 10), (&"A".repeat(26), 16), (&"A".repeat(32), 20)] {
            assert_eq!(decode(text).unwrap().as_bytes().len(), bytes, "{text}");
        }
        assert_eq!(decode(&"A".repeat(52)).unwrap().as_bytes().len(), 32);
        assert_eq!(decode(&format!("{}=", "A".repeat(103))).unwrap().as_bytes().len(), 64);
        // Bits that fill no byte are dropped.
        assert_eq!(decode(&"7".repeat(26)).unwrap().as_bytes(), [0xff; 16]);
    }

    #[test]
    fn spaces_count_for_the_length_of_the_text() {
        let padded = |length| format!("{:<length$}", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(decode(&padded(256)).is_ok());
        assert_eq!(decode(&padded(257)).err(), Some(SecretRefused::Length { bytes: 160 }));
    }

    #[test]
    fn what_is_no_secret_is_refused_with_the_reason() {
        for (text, why) in [
            ("", SecretRefused::Length { bytes: 0 }),
            ("GEZDGNBV", SecretRefused::Length { bytes: 5 }),
            (&"A".repeat(112), SecretRefused::Length { bytes: 70 }),
            (&"A".repeat(4_000), SecretRefused::Length { bytes: 2_500 }),
            ("GEZDGNBVGY3TQOJ1", SecretRefused::NotBase32),
            ("GEZDGNBVGY3TQOJQG", SecretRefused::NotBase32),
            ("GEZDGNBVGY3T=OJQ", SecretRefused::NotBase32),
            ("GEZDGNBVGY3TQOJÄ", SecretRefused::NotBase32),
            ("GEZDGNBVGY3TQOJ\0", SecretRefused::NotBase32),
        ] {
            assert_eq!(decode(text).err(), Some(why), "{text:?}");
        }
    }
}
