//! `[password_hashing]`

use password_policy::HashParams;
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
    /// Hashes that protect nothing, for tests of everything but their cost. No file and no variable can set this.
    #[serde(skip)]
    pub weak_for_tests: bool,
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
            weak_for_tests: false,
        }
    }
}

impl PasswordHashing {
    /// Checks the bounds, of which the least are those of OWASP.
    pub fn validate(&self) -> Result<(), Invalid> {
        if let Some(threads) = self.threads {
            Invalid::unless_within("password_hashing.threads", threads, 1..=1024)?;
        }
        Invalid::unless_within("password_hashing.queue_length", self.queue_length, 1..=65_535)?;
        Invalid::unless_within("password_hashing.queue_milliseconds", self.queue_milliseconds, 1..=60_000)?;
        self.params().map(drop)
    }

    /// What one hash costs.
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
    fn weak_parameters_refuse_to_start() {
        let weak = PasswordHashing { memory_kib: 1_024, ..PasswordHashing::default() };
        assert_eq!(weak.validate().unwrap_err().key, "password_hashing");
    }
}
