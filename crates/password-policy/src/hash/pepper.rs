//! Peppers: keys without which passwords cannot be guessed from the hashes of a stolen database.

use std::fmt;

use secrecy::{ExposeSecret, SecretSlice};

/// Bytes of a key id: what fits Argon2's `keyid`.
const MAX_ID_BYTES: usize = 8;

/// Bytes that a key must have: 128 bits (NIST SP 800-131A, to which SP 800-63B-4 §3.1.1.2 refers, requires 112).
const MIN_KEY_BYTES: usize = 16;

/// Bytes that a key may have.
const MAX_KEY_BYTES: usize = 1024;

/// A secret key that goes into every hash together with the password, and is stored outside the database. Its id is in
/// the hash (`keyid`), so that keys can be replaced while old hashes still verify.
pub struct Pepper {
    id: String,
    key: SecretSlice<u8>,
}

/// The key or its id cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPepper {
    /// The id is not a short ASCII name.
    #[error("the id of a pepper must have 1 to 8 ASCII letters, digits, hyphens or underscores")]
    Id,
    /// The key is too short or too long.
    #[error("a pepper must have 16 to 1024 bytes")]
    Length,
    /// Two keys have the same id.
    #[error("two peppers have the same id")]
    Duplicate,
}

impl Pepper {
    /// A key of 16 to 1,024 bytes under an id of 1 to 8 ASCII letters, digits, hyphens or underscores.
    pub fn new(id: &str, key: impl Into<SecretSlice<u8>>) -> Result<Self, InvalidPepper> {
        let key = key.into();
        let named = (1..=MAX_ID_BYTES).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if !named {
            return Err(InvalidPepper::Id);
        }
        if !(MIN_KEY_BYTES..=MAX_KEY_BYTES).contains(&key.expose_secret().len()) {
            return Err(InvalidPepper::Length);
        }
        Ok(Self { id: id.to_owned(), key })
    }

    /// The name in the hash.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn key(&self) -> &[u8] {
        self.key.expose_secret()
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pepper({}, ..)", self.id)
    }
}

/// The keys that a [`Hasher`](super::Hasher) knows. The default is none.
#[derive(Debug, Default)]
pub struct Peppers {
    current: Option<Pepper>,
    retired: Vec<Pepper>,
}

impl Peppers {
    /// New hashes use `current`, or no key; hashes with a key of `retired` still verify and count as outdated.
    pub fn new(current: Option<Pepper>, retired: Vec<Pepper>) -> Result<Self, InvalidPepper> {
        let mut ids: Vec<_> = current.iter().chain(&retired).map(Pepper::id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(InvalidPepper::Duplicate);
        }
        Ok(Self { current, retired })
    }

    pub(super) fn current(&self) -> Option<&Pepper> {
        self.current.as_ref()
    }

    pub(super) fn find(&self, id: &[u8]) -> Option<&Pepper> {
        self.current.iter().chain(&self.retired).find(|pepper| pepper.id.as_bytes() == id)
    }

    /// The key of RFC 9106's test vectors, which is shorter than the minimum.
    #[cfg(test)]
    pub(super) fn of_the_rfc() -> Self {
        let key = vec![3; 8].into();
        Self { current: Some(Pepper { id: "rfc".to_owned(), key }), retired: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_names_and_keys_are_long() {
        for id in ["", "123456789", "a b", "é", "a,b", "a\0"] {
            assert_eq!(Pepper::new(id, vec![7; 32]).err(), Some(InvalidPepper::Id), "{id:?}");
        }
        for length in [0, 15, 1025] {
            assert_eq!(Pepper::new("k1", vec![7; length]).err(), Some(InvalidPepper::Length), "{length}");
        }
        for length in [16, 1024] {
            assert_eq!(Pepper::new("K-1_2026", vec![7; length]).unwrap().id(), "K-1_2026");
        }
    }

    #[test]
    fn an_id_names_one_key() {
        let pepper = |id| Pepper::new(id, vec![7; 32]).unwrap();
        assert_eq!(
            Peppers::new(Some(pepper("a")), vec![pepper("b"), pepper("a")]).err(),
            Some(InvalidPepper::Duplicate)
        );
        let peppers = Peppers::new(Some(pepper("a")), vec![pepper("b")]).unwrap();
        assert_eq!(peppers.find(b"b").map(Pepper::id), Some("b"));
        assert!(peppers.find(b"c").is_none() && peppers.find(b"").is_none());
    }

    #[test]
    fn debug_shows_the_id_only() {
        assert_eq!(format!("{:?}", Pepper::new("k1", vec![7; 32])), "Ok(Pepper(k1, ..))");
    }
}
