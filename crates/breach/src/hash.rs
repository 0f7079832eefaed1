//! SHA-1, the key of lists of breached passwords. It protects nothing here.

use data_encoding::HEXUPPER_PERMISSIVE;
use sha1::{Digest, Sha1};

/// Hexadecimal digits of a hash.
pub(crate) const DIGITS: usize = 40;
/// Digits that are sent to an endpoint.
pub(crate) const PREFIX_DIGITS: usize = 5;

/// The SHA-1 of a password.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hash([u8; 20]);

impl Hash {
    pub(crate) fn of(password: &str) -> Self {
        Self(Sha1::digest(password).into())
    }

    /// Forty hexadecimal digits in either case.
    pub(crate) fn parse(digits: &[u8]) -> Option<Self> {
        let mut bytes = [0; 20];
        if digits.len() != DIGITS {
            return None;
        }
        HEXUPPER_PERMISSIVE.decode_mut(digits, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The digits, in upper case.
    pub(crate) fn digits(&self) -> String {
        HEXUPPER_PERMISSIVE.encode(&self.0)
    }
}

/// Splits a line `HASH:COUNT`, where `:COUNT` is optional, into the digits and the count.
pub(crate) fn split_count(line: &[u8]) -> Option<(&[u8], Option<u64>)> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match line.iter().position(|byte| *byte == b':') {
        None => Some((line, None)),
        Some(at) => {
            let (digits, rest) = line.split_at_checked(at)?;
            let count = std::str::from_utf8(rest.get(1..)?).ok()?;
            let is_number = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
            Some((digits, Some(is_number.then(|| count.parse().ok()).flatten()?)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_and_counts_are_read() {
        let digits = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8";
        assert_eq!(Hash::of("password").digits(), digits);
        assert!(Hash::parse(digits.to_lowercase().as_bytes()) == Some(Hash::of("password")));
        assert!(Hash::parse(b"5BAA").is_none() && Hash::parse(&[b'x'; 40]).is_none());
        assert_eq!(split_count(b"AB:12\r"), Some((&b"AB"[..], Some(12))));
        assert_eq!(split_count(b"AB"), Some((&b"AB"[..], None)));
        for bad in [&b"AB:"[..], b"AB:-1", b"AB:1x", b"AB:99999999999999999999", b"AB:1:2"] {
            assert_eq!(split_count(bad), None, "{bad:?}");
        }
    }
}
