//! The hashing schemes, one file each: parsing a text, and checking a password.

pub(super) mod argon2;
mod bcrypt;
mod field;
mod pbkdf2;
mod scrypt;

use self::{argon2::Argon2Hash, bcrypt::BcryptHash, pbkdf2::Pbkdf2Hash, scrypt::ScryptHash};
use super::InvalidHash;

/// A parsed hash.
#[derive(Clone)]
pub(super) enum Scheme {
    Argon2(Argon2Hash),
    Bcrypt(BcryptHash),
    Pbkdf2(Pbkdf2Hash),
    Scrypt(ScryptHash),
}

impl Scheme {
    /// The beginning of the text decides: of a PHC or modular-crypt string, or Django's word before it.
    pub(super) fn parse(text: &str) -> Result<Self, InvalidHash> {
        let (word, rest) = text.split_once('$').ok_or(InvalidHash::UnknownScheme)?;
        match word {
            "" => Self::parse_crypt(text, rest),
            "argon2" => Argon2Hash::parse(text.get("argon2".len()..).unwrap_or_default()).map(Self::Argon2),
            "bcrypt" => BcryptHash::parse(rest).map(Self::Bcrypt),
            "bcrypt_sha256" => BcryptHash::parse_django_sha256(rest).map(Self::Bcrypt),
            "pbkdf2_sha256" | "pbkdf2_sha512" => Pbkdf2Hash::parse_django(word, rest).map(Self::Pbkdf2),
            "scrypt" => ScryptHash::parse_django(rest).map(Self::Scrypt),
            _ => Err(InvalidHash::UnknownScheme),
        }
    }

    /// `text` with its `$` at the beginning, `rest` without.
    fn parse_crypt(text: &str, rest: &str) -> Result<Self, InvalidHash> {
        let (word, fields) = rest.split_once('$').ok_or(InvalidHash::UnknownScheme)?;
        match word {
            "argon2i" | "argon2d" | "argon2id" => Argon2Hash::parse(text).map(Self::Argon2),
            "2a" | "2b" | "2x" | "2y" => BcryptHash::parse(text).map(Self::Bcrypt),
            "pbkdf2-sha256" | "pbkdf2-sha512" => Pbkdf2Hash::parse_crypt(word, fields).map(Self::Pbkdf2),
            "scrypt" => ScryptHash::parse_phc(fields).map(Self::Scrypt),
            _ => Err(InvalidHash::UnknownScheme),
        }
    }

    /// Roughly how many milliseconds of one core it takes to check a password.
    pub(super) fn milliseconds(&self) -> u64 {
        match self {
            Self::Argon2(hash) => hash.milliseconds(),
            Self::Bcrypt(hash) => hash.milliseconds(),
            Self::Pbkdf2(hash) => hash.milliseconds(),
            Self::Scrypt(hash) => hash.milliseconds(),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Argon2(hash) => hash.name(),
            Self::Bcrypt(_) => "bcrypt",
            Self::Pbkdf2(hash) => hash.name(),
            Self::Scrypt(_) => "scrypt",
        }
    }
}
