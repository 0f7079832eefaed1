//! Opaque bearer tokens: the clear text exists once, the database keeps a digest.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::Random;

const RANDOM_BYTES: usize = 32;
const ENCODED_LENGTH: usize = 43;

/// What a token is for. Its prefix tells a reader of a leaked log, and a secret scanner, what has leaked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Answers one login challenge.
    Challenge,
    /// Renews a session's access token, once.
    Refresh,
    /// Sets the first password of a new user, once.
    Activation,
}

impl TokenKind {
    /// The first characters of every token of this kind.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Challenge => "lk_ch_",
            Self::Refresh => "lk_rt_",
            Self::Activation => "lk_act_",
        }
    }
}

/// The text is no token of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedToken;

/// A token in clear text: a prefix and 256 random bits in base64url (ASVS 5.0 §7.2.3 asks for 128).
pub struct PlainToken(SecretString);

impl PlainToken {
    /// A new token.
    pub fn generate(kind: TokenKind, random: &mut impl Random) -> Self {
        let body = BASE64URL_NOPAD.encode(&random.bytes::<RANDOM_BYTES>());
        Self(format!("{}{body}", kind.prefix()).into())
    }

    /// Reads what a client sent. What cannot be a token of this kind never reaches the database.
    pub fn parse(kind: TokenKind, text: &str) -> Result<Self, MalformedToken> {
        let body = text.strip_prefix(kind.prefix()).ok_or(MalformedToken)?;
        if body.len() != ENCODED_LENGTH || BASE64URL_NOPAD.decode(body.as_bytes()).is_err() {
            return Err(MalformedToken);
        }
        Ok(Self(text.to_owned().into()))
    }

    /// What the database keeps.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(Sha256::digest(self.0.expose_secret()).into())
    }

    /// The clear text, for the reply that hands it over.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlainToken(..)")
    }
}

/// SHA-256 of a token. A plain hash is enough: 256 random bits cannot be guessed.
#[derive(Clone, Copy, Eq)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// The digest with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for TokenDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsRandom;

    #[test]
    fn a_token_reads_back_as_its_own_kind_only() {
        let token = PlainToken::generate(TokenKind::Refresh, &mut OsRandom);
        let again = PlainToken::parse(TokenKind::Refresh, token.expose()).unwrap();
        assert_eq!(again.digest(), token.digest());
        assert_eq!(PlainToken::parse(TokenKind::Challenge, token.expose()).err(), Some(MalformedToken));
    }

    #[test]
    fn garbage_is_refused() {
        for text in ["", "lk_rt_", "lk_rt_short", &format!("lk_rt_{}", "!".repeat(43)), &"x".repeat(10_000)] {
            assert_eq!(PlainToken::parse(TokenKind::Refresh, text).err(), Some(MalformedToken), "{text}");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        let token = PlainToken::generate(TokenKind::Challenge, &mut OsRandom);
        assert_eq!(format!("{token:?} {:?}", token.digest()), "PlainToken(..) TokenDigest(..)");
    }
}
