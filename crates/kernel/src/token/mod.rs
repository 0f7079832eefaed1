//! Opaque bearer tokens: the clear text exists once, the database stores a digest.

mod checked;

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::Random;

const RANDOM_BYTES: usize = 32;
const ENCODED_LENGTH: usize = 43;

/// What a token is for. Its prefix shows a reader of a leaked log, and a secret scanner, what has leaked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Answers one login challenge.
    Challenge,
    /// Renews a session's access token, once.
    Refresh,
    /// Sets the first password of a new user, once.
    Activation,
    /// Authenticates a program until it is revoked. It is stored in other systems' files, so it carries a checksum: see
    /// [`PlainToken::parse`].
    ApiKey,
}

impl TokenKind {
    /// The first characters of every token of this kind.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Challenge => "lk_ch_",
            Self::Refresh => "lk_rt_",
            Self::Activation => "lk_act_",
            Self::ApiKey => "lk_key_",
        }
    }
}

/// The text is not a token of the required kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedToken;

/// A token in clear text: a prefix and 256 random bits (ASVS 5.0 §7.2.3 requires 128), in base64url or, for API keys,
/// in base62 with six characters of checksum, so that `lk_key_[0-9A-Za-z]{49}` finds one and a double click selects it
/// whole.
pub struct PlainToken(SecretString);

impl PlainToken {
    /// A new token.
    pub fn generate(kind: TokenKind, random: &mut impl Random) -> Self {
        let body = match kind {
            TokenKind::Challenge | TokenKind::Refresh | TokenKind::Activation => {
                BASE64URL_NOPAD.encode(&random.bytes::<RANDOM_BYTES>())
            }
            TokenKind::ApiKey => checked::generate(kind.prefix(), random),
        };
        Self(format!("{}{body}", kind.prefix()).into())
    }

    /// Parses what a client sent. What cannot be a token of this kind never reaches the database: another prefix,
    /// another length, another character, and for an API key a wrong checksum, as after any typo.
    pub fn parse(kind: TokenKind, text: &str) -> Result<Self, MalformedToken> {
        let body = text.strip_prefix(kind.prefix()).ok_or(MalformedToken)?;
        let fits = match kind {
            TokenKind::Challenge | TokenKind::Refresh | TokenKind::Activation => {
                body.len() == ENCODED_LENGTH && BASE64URL_NOPAD.decode(body.as_bytes()).is_ok()
            }
            TokenKind::ApiKey => checked::fits(kind.prefix(), body),
        };
        if !fits {
            return Err(MalformedToken);
        }
        Ok(Self(text.to_owned().into()))
    }

    /// What the database stores.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(Sha256::digest(self.0.expose_secret()).into())
    }

    /// The clear text, for the reply that returns it.
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
        assert_ne!(PlainToken::generate(TokenKind::Refresh, &mut OsRandom).digest(), token.digest());
        assert_eq!(PlainToken::parse(TokenKind::Challenge, token.expose()).err(), Some(MalformedToken));
    }

    #[test]
    fn garbage_is_refused() {
        for text in ["", "lk_rt_", "lk_rt_short", &format!("lk_rt_{}", "!".repeat(43)), &"x".repeat(10_000)] {
            assert_eq!(PlainToken::parse(TokenKind::Refresh, text).err(), Some(MalformedToken), "{text}");
        }
    }

    #[test]
    fn an_api_key_is_found_by_its_pattern_and_checked_by_its_sum() {
        let key = PlainToken::generate(TokenKind::ApiKey, &mut OsRandom);
        let body = key.expose().strip_prefix("lk_key_").unwrap();
        assert_eq!(body.len(), 49);
        assert!(body.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{body}");
        assert_eq!(PlainToken::parse(TokenKind::ApiKey, key.expose()).unwrap().digest(), key.digest());
        let forged = format!("lk_key_{}", "A".repeat(49));
        assert_eq!(PlainToken::parse(TokenKind::ApiKey, &forged).err(), Some(MalformedToken));
    }

    #[test]
    fn debug_shows_nothing() {
        let token = PlainToken::generate(TokenKind::Challenge, &mut OsRandom);
        assert_eq!(format!("{token:?} {:?}", token.digest()), "PlainToken(..) TokenDigest(..)");
    }
}
