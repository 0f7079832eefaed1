//! Imports secrets from other systems.

mod base32;
mod migration;
mod otpauth;
mod protobuf;
mod query;

#[cfg(test)]
mod property_tests;

use crate::Secret;

/// Why an imported secret is refused. Says what is wrong, never what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretRefused {
    /// A character that is not base32, or a length that does not correspond to whole bytes.
    #[error("the secret is not base32 (letters and the digits 2 to 7)")]
    NotBase32,
    /// Fewer than 80 or more than 512 bits.
    #[error("the secret must have 10 to 64 bytes, not {bytes}")]
    Length {
        /// How many there are.
        bytes: usize,
    },
    /// Neither kind of URI.
    #[error("this is neither an otpauth://totp/ nor an otpauth-migration:// URI")]
    NotAUri,
    /// The URI or its payload is broken.
    #[error("the URI is malformed: {0}")]
    Malformed(&'static str),
    /// More than one account in a migration payload.
    #[error("the payload must hold exactly one account, this user's, but holds {count}")]
    NotOneAccount {
        /// How many there are.
        count: usize,
    },
    /// The codes depend on a counter, or the type is missing.
    #[error("only time-based codes (TOTP) are supported")]
    NotTimeBased,
    /// A hash other than SHA-1.
    #[error("only SHA1 is supported")]
    Algorithm,
    /// More or fewer than six digits.
    #[error("only codes of six digits are supported")]
    Digits,
    /// A time step other than 30 seconds.
    #[error("only a period of 30 seconds is supported")]
    Period,
}

impl Secret {
    /// Reads base32 (RFC 4648 §6) as apps do: in either case, with spaces or hyphens between groups, with or without
    /// padding.
    pub fn from_base32(text: &str) -> Result<Self, SecretRefused> {
        base32::decode(text)
    }

    /// Reads the URI behind the QR code of one account, `otpauth://totp/…`, or the one behind the code with which Google
    /// Authenticator hands accounts over, `otpauth-migration://offline?data=…`, if it holds exactly one account.
    pub fn from_uri(text: &str) -> Result<Self, SecretRefused> {
        let text = text.trim();
        if let Some(rest) = strip_prefix_ignoring_case(text, "otpauth-migration://") {
            return migration::parse(rest);
        }
        let rest = strip_prefix_ignoring_case(text, "otpauth://").ok_or(SecretRefused::NotAUri)?;
        otpauth::parse(rest)
    }
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
