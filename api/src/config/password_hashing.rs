//! `[password_hashing]`

use serde::Deserialize;

use super::Invalid;

/// Argon2id and its threads. The defaults are those of OWASP; about 25 ms of one core a hash.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordHashing {
    /// Memory of one hash in KiB. Each thread keeps that much.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
    /// Threads that hash, beside those that answer requests. By default one for each core.
    pub threads: Option<u16>,
    /// Hashes that may wait for a thread. Beyond that the service answers 503 at once.
    pub queue_length: u16,
    /// Milliseconds that a hash may wait. After that the service answers 503.
    pub queue_milliseconds: u32,
}

impl Default for PasswordHashing {
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            iterations: 2,
            parallelism: 1,
            threads: None,
            queue_length: 256,
            queue_milliseconds: 5_000,
        }
    }
}

impl PasswordHashing {
    /// Checks the bounds. Whether the parameters are strong enough is checked where they are used.
    pub fn validate(&self) -> Result<(), Invalid> {
        if let Some(threads) = self.threads {
            Invalid::unless_within("password_hashing.threads", threads, 1..=1024)?;
        }
        Invalid::unless_within("password_hashing.memory_kib", self.memory_kib, 7_168..=4_194_304)?;
        Invalid::unless_within("password_hashing.iterations", self.iterations, 1..=100)?;
        Invalid::unless_within("password_hashing.parallelism", self.parallelism, 1..=64)?;
        Invalid::unless_within("password_hashing.queue_length", self.queue_length, 1..=65_535)?;
        Invalid::unless_within("password_hashing.queue_milliseconds", self.queue_milliseconds, 1..=60_000)
    }
}
