//! Parses password hashes within bounds.

use std::fmt;

use super::scheme::Scheme;

/// Bytes of text that are examined. The longest hash in use has fewer than 300.
const MAX_BYTES: usize = 512;

/// A password hash as stored in the database: a PHC string such as `$argon2id$v=19$m=19456,t=2,p=1$…$…`, or a form that
/// another system wrote. Every value was parsed successfully, and checking a password against it takes a bounded time.
#[derive(Clone)]
pub struct PasswordHash {
    text: String,
    scheme: Scheme,
}

/// The text is not a supported hash. The reason is for the administrator who imports it; it does not contain the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHash {
    /// An unknown scheme.
    #[error("the password hash has no known scheme (Argon2, bcrypt, scrypt, PBKDF2-SHA256, PBKDF2-SHA512)")]
    UnknownScheme,
    /// The scheme is known, but a field is invalid.
    #[error("the password hash is malformed: {0}")]
    Malformed(&'static str),
    /// Checking one password would cost too much.
    #[error("the password hash costs too much to check: {0}")]
    TooCostly(&'static str),
}

impl PasswordHash {
    /// Parses a hash of any scheme.
    pub fn parse(text: &str) -> Result<Self, InvalidHash> {
        if text.len() > MAX_BYTES {
            return Err(InvalidHash::Malformed("it is longer than 512 bytes"));
        }
        // No scheme writes anything else, and not every character can be stored in a database.
        if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(InvalidHash::Malformed("it has characters that are not printable ASCII"));
        }
        Ok(Self { scheme: Scheme::parse(text)?, text: text.to_owned() })
    }

    /// The text for the database.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name of the scheme, for statistics and for the reply to an import, such as `argon2id` or `bcrypt`.
    pub fn scheme_name(&self) -> &'static str {
        self.scheme.name()
    }

    /// Roughly how many milliseconds of one core it takes to check a password against this, estimated from its
    /// parameters: at most 1,024. Meant to be too high rather than too low on a machine of 2020 or later.
    pub fn check_milliseconds(&self) -> u32 {
        u32::try_from(self.scheme.milliseconds()).unwrap_or(u32::MAX)
    }

    pub(super) fn scheme(&self) -> &Scheme {
        &self.scheme
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasswordHash({}, ..)", self.scheme_name())
    }
}
