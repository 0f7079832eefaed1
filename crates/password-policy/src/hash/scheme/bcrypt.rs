//! bcrypt, also Django's form that hashes with SHA-256 first.

use std::str::FromStr;

use ::bcrypt::HashParts;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::super::InvalidHash;

/// Base-two logarithm of the rounds: each step doubles the time. 14 takes about a second.
const COST: std::ops::RangeInclusive<u32> = 4..=14;

/// A parsed bcrypt hash.
#[derive(Clone)]
pub(in crate::hash) struct BcryptHash {
    text: String,
    cost: u32,
    sha256_first: bool,
}

impl BcryptHash {
    /// Parses `$2b$cost$salt+hash`; `2a` and `2y` mean the same today.
    pub(super) fn parse(text: &str) -> Result<Self, InvalidHash> {
        if text.starts_with("$2x$") {
            return Err(InvalidHash::Malformed("2x marks bcrypt hashes of a faulty implementation"));
        }
        if !["$2a$", "$2b$", "$2y$"].iter().any(|version| text.starts_with(version)) {
            return Err(InvalidHash::UnknownScheme);
        }
        let parts = HashParts::from_str(text).map_err(|_| InvalidHash::Malformed("it is not a bcrypt hash"))?;
        let cost = parts.get_cost();
        if cost > *COST.end() {
            return Err(InvalidHash::TooCostly("bcrypt with a cost over 14"));
        }
        if !COST.contains(&cost) {
            return Err(InvalidHash::Malformed("the bcrypt cost must be at least 4"));
        }
        Ok(Self { text: text.to_owned(), cost, sha256_first: false })
    }

    /// Parses what follows `bcrypt_sha256$`.
    pub(super) fn parse_django_sha256(text: &str) -> Result<Self, InvalidHash> {
        Ok(Self { sha256_first: true, ..Self::parse(text)? })
    }

    /// Milliseconds that a check takes: a second at the highest cost, half of it one step lower.
    pub(super) fn milliseconds(&self) -> u64 {
        1_000_u64.checked_shr(COST.end().saturating_sub(self.cost)).unwrap_or(0)
    }

    /// Compares in constant time. Plain bcrypt ignores everything after 72 bytes: these hashes were made so, which is a
    /// reason to replace them at the first sign-in.
    pub(in crate::hash) fn matches(&self, password: &[u8]) -> bool {
        // An error is not possible: the text was parsed before.
        let verify = |bytes: &[u8]| ::bcrypt::verify(bytes, &self.text).unwrap_or(false);
        if self.sha256_first {
            verify(Zeroizing::new(HEXLOWER.encode(&Sha256::digest(password))).as_bytes())
        } else {
            verify(password)
        }
    }
}
