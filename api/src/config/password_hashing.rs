//! `[password_hashing]`

use std::path::PathBuf;

use password_policy::{HashParams, Peppers};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use service::read_private_file;

use super::{Invalid, peppers};

/// Argon2id and its threads. The defaults are those of OWASP; about 25 ms of one core per hash.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordHashing {
    /// Memory of one hash in KiB. Each thread keeps that much.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
    /// Secret keys that go into hashes in addition to the password, so that a stolen database alone is not enough for
    /// guessing: entries `ID:KEY`, separated by line breaks or commas, each key 16 to 1,024 bytes in base64url without
    /// padding. New hashes use the first, or none if the first entry is `none`; the others verify until each user has
    /// signed in once more. If a key is lost, users whose hash uses it are locked out.
    pub peppers: Option<SecretString>,
    /// A file that holds the same, readable by its owner only.
    pub peppers_file: Option<PathBuf>,
    /// Threads that hash, in addition to those that answer requests. By default one per core.
    pub threads: Option<u16>,
    /// Hashes that may wait for a thread. Beyond that the service answers 503 at once.
    pub queue_length: u16,
    /// Milliseconds that a hash may wait. After that the service answers 503.
    pub queue_milliseconds: u32,
    /// Hashes that protect nothing, for tests of everything except their cost. No file and no variable can set this.
    #[serde(skip)]
    pub weak_for_tests: bool,
}

impl Default for PasswordHashing {
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            iterations: 2,
            parallelism: 1,
            peppers: None,
            peppers_file: None,
            threads: None,
            queue_length: 256,
            queue_milliseconds: 5_000,
            weak_for_tests: false,
        }
    }
}

impl PasswordHashing {
    /// Checks the bounds, whose minimums are those of OWASP.
    pub fn validate(&self) -> Result<(), Invalid> {
        if let Some(threads) = self.threads {
            Invalid::unless_within("password_hashing.threads", threads, 1..=1024)?;
        }
        Invalid::unless_within("password_hashing.queue_length", self.queue_length, 1..=65_535)?;
        Invalid::unless_within("password_hashing.queue_milliseconds", self.queue_milliseconds, 1..=60_000)?;
        if self.peppers.is_some() && self.peppers_file.is_some() {
            let why = "cannot be combined with password_hashing.peppers_file";
            return Err(Invalid::new("password_hashing.peppers", why));
        }
        self.params().map(drop)
    }

    /// The secret keys for hashes; reads the file that holds them.
    pub fn peppers(&self) -> Result<Peppers, Invalid> {
        if let Some(text) = &self.peppers {
            return peppers::parse(text.expose_secret()).map_err(|why| Invalid::new("password_hashing.peppers", why));
        }
        let Some(path) = &self.peppers_file else { return Ok(Peppers::default()) };
        let invalid = |why: String| Invalid::new("password_hashing.peppers_file", why);
        let text = read_private_file(path).map_err(|why| invalid(why.to_string()))?;
        peppers::parse(&text).map_err(invalid)
    }

    /// The cost of one hash.
    pub fn params(&self) -> Result<HashParams, Invalid> {
        if self.weak_for_tests {
            return Ok(HashParams::weak_for_tests());
        }
        HashParams::new(self.memory_kib, self.iterations, self.parallelism)
            .map_err(|why| Invalid::new("password_hashing", why.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peppers_come_from_one_place() {
        let both =
            PasswordHashing { peppers: Some("x".into()), peppers_file: Some("y".into()), ..PasswordHashing::default() };
        assert_eq!(both.validate().unwrap_err().key, "password_hashing.peppers");
        let missing = PasswordHashing { peppers_file: Some("/nowhere/peppers".into()), ..PasswordHashing::default() };
        assert_eq!(missing.peppers().unwrap_err().key, "password_hashing.peppers_file");
    }

    #[test]
    fn weak_parameters_refuse_to_start() {
        let weak = PasswordHashing { memory_kib: 1_024, ..PasswordHashing::default() };
        assert_eq!(weak.validate().unwrap_err().key, "password_hashing");
    }
}
