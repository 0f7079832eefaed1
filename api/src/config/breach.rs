//! `[breach]`

use std::{path::PathBuf, time::Duration};

use serde::Deserialize;

use super::Invalid;

/// What tells passwords that are known from data breaches. Without a file and an endpoint nothing is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Breach {
    /// A sorted file of SHA-1 hashes in hexadecimal, one a line, `HASH:COUNT` or bare, of any size.
    pub file: Option<PathBuf>,
    /// An endpoint of the range protocol: what stands before `/range/`, such as `https://api.pwnedpasswords.com`.
    pub endpoint: Option<String>,
    /// Milliseconds that the endpoint is waited for. Then the password is taken.
    pub timeout_milliseconds: u32,
    /// How often a password must have been seen to be refused.
    pub min_count: u32,
}

impl Default for Breach {
    fn default() -> Self {
        Self { file: None, endpoint: None, timeout_milliseconds: 1_500, min_count: 1 }
    }
}

impl Breach {
    /// Checks the bounds. Whether file and endpoint can be used is checked where they are opened.
    pub fn validate(&self) -> Result<(), Invalid> {
        Invalid::unless_within("breach.timeout_milliseconds", self.timeout_milliseconds, 50..=10_000)?;
        Invalid::unless_within("breach.min_count", self.min_count, 1..=1_000_000)
    }

    /// As the service takes it.
    pub fn settings(&self) -> breach::Settings {
        breach::Settings {
            file: self.file.clone(),
            endpoint: self.endpoint.clone(),
            timeout: Duration::from_millis(self.timeout_milliseconds.into()),
            min_count: self.min_count.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_those_of_the_crate() {
        assert_eq!(format!("{:?}", Breach::default().settings()), format!("{:?}", breach::Settings::default()));
        let impatient = Breach { timeout_milliseconds: 1, ..Breach::default() };
        assert_eq!(impatient.validate().unwrap_err().key, "breach.timeout_milliseconds");
    }
}
