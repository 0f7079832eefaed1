//! `[keys]`

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

use super::Invalid;

/// The key that seals secrets at rest. With neither set, one is generated in the data directory with mode 0600.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keys {
    /// The key itself: 32 bytes in base64.
    pub master_key: Option<SecretString>,
    /// A file that holds the key.
    pub master_key_file: Option<PathBuf>,
}

impl Keys {
    /// Rejects two keys. Whether the key is strong enough is checked where it is read.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.master_key.is_some() && self.master_key_file.is_some() {
            return Err(Invalid::new("keys.master_key", "cannot be combined with keys.master_key_file"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_is_enough() {
        let keys = Keys { master_key: Some("x".into()), master_key_file: Some("y".into()) };
        assert_eq!(keys.validate().unwrap_err().key, "keys.master_key");
    }
}
