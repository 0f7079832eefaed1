//! The schemes of hashing, one file each: what a text means, and whether a password fits.

pub(super) mod argon2;

use self::argon2::Argon2Hash;
use super::InvalidHash;

/// A hash that was read.
#[derive(Clone)]
pub(super) enum Scheme {
    Argon2(Argon2Hash),
}

impl Scheme {
    pub(super) fn parse(text: &str) -> Result<Self, InvalidHash> {
        // Django puts a word of its own before the PHC string.
        let text = text.strip_prefix("argon2").filter(|rest| rest.starts_with("$argon2")).unwrap_or(text);
        if text.starts_with("$argon2") {
            return Argon2Hash::parse(text).map(Self::Argon2);
        }
        Err(InvalidHash::UnknownScheme)
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Argon2(hash) => hash.name(),
        }
    }
}
