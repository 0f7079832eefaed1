//! A password in clear text, between the request and the hash.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// Code points that a password may have (ASVS 5.0 §6.2.9 requires at least 64). In UTF-8 that is 1,024 bytes at most: a
/// password can never make a hash slow.
pub const MAX_LENGTH: usize = 256;

/// A password of 1 to 256 Unicode code points, exactly as received: nothing is normalized, trimmed or truncated (ASVS
/// 5.0 §6.2.8). Wiped from memory when dropped.
///
/// The requirements on a *new* password are up to the policy.
#[derive(Clone)]
pub struct Password(SecretString);

/// The text cannot be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPassword {
    /// No code point at all.
    #[error("the password is empty")]
    Empty,
    /// More than 256 code points.
    #[error("a password must have at most 256 characters")]
    TooLong,
}

impl Password {
    /// The received password. A rejected text is wiped from memory.
    pub fn new(text: impl Into<SecretString>) -> Result<Self, InvalidPassword> {
        let text = text.into();
        let mut code_points = text.expose_secret().chars();
        if code_points.next().is_none() {
            return Err(InvalidPassword::Empty);
        }
        // One has been consumed: a code point at this position is the 257th. What follows it is not read.
        if code_points.nth(MAX_LENGTH - 1).is_some() {
            return Err(InvalidPassword::TooLong);
        }
        Ok(Self(text))
    }

    /// Code points of the password, 1 to 256.
    pub fn length(&self) -> usize {
        self.expose().chars().count()
    }

    /// The password in clear text.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_code_points_not_bytes() {
        for (text, length) in [("a", 1), ("é", 1), ("e\u{301}", 2), ("👩‍🚀", 3), ("\0", 1), ("a\nb", 3)] {
            assert_eq!(Password::new(text).unwrap().length(), length, "{text:?}");
        }
    }

    #[test]
    fn from_1_to_256_code_points_are_a_password() {
        assert_eq!(Password::new("").err(), Some(InvalidPassword::Empty));
        for c in ["a", "é", "👩"] {
            assert_eq!(Password::new(c.repeat(256)).unwrap().length(), 256);
            assert_eq!(Password::new(c.repeat(257)).err(), Some(InvalidPassword::TooLong));
        }
        assert_eq!(Password::new("a".repeat(10_000_000)).err(), Some(InvalidPassword::TooLong));
    }

    #[test]
    fn nothing_is_trimmed_or_normalised() {
        for text in [" a ", "\u{feff}a", "e\u{301}", "é", "ﬁ", "a\0b", "a\r\nb", "\u{202e}abc"] {
            assert_eq!(Password::new(text).unwrap().expose(), text);
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Password::new("hunter22")), "Ok(Password(..))");
    }
}
