//! One password hash, read and bounded.

use std::fmt;

use super::scheme::Scheme;

/// Bytes of text that are looked at. The longest hash that anybody writes has fewer than 300.
const MAX_BYTES: usize = 512;

/// A password hash as it stands in the database: a PHC string such as `$argon2id$v=19$m=19456,t=2,p=1$…$…`, or a form that
/// another system wrote. That it exists means that it was understood and that checking it costs a bounded time.
#[derive(Clone)]
pub struct PasswordHash {
    text: String,
    scheme: Scheme,
}

/// The text is no hash that we check. The reason is for the administrator who imports it; the text is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHash {
    /// No scheme that we know.
    #[error("the password hash is of no known scheme (Argon2, bcrypt, scrypt, PBKDF2-SHA256, PBKDF2-SHA512)")]
    UnknownScheme,
    /// The scheme is known, a field is not what it has to be.
    #[error("the password hash is malformed: {0}")]
    Malformed(&'static str),
    /// Checking one password would cost too much.
    #[error("the password hash costs too much to check: {0}")]
    TooCostly(&'static str),
}

impl PasswordHash {
    /// Reads a hash of any scheme.
    pub fn parse(text: &str) -> Result<Self, InvalidHash> {
        if text.len() > MAX_BYTES {
            return Err(InvalidHash::Malformed("it is longer than 512 bytes"));
        }
        // No scheme writes anything else, and a database does not take everything.
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

    /// About how many milliseconds of one core it takes to check a password against this, told from its parameters: at most
    /// 1,024. Meant to be rather too much than too little on a machine of 2020 or later.
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
