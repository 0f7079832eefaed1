//! `[breach]`

use std::{path::PathBuf, time::Duration};

use serde::Deserialize;
use url::Url;

use super::Invalid;

/// The source of passwords known from data breaches. Without a file and an endpoint passwords are not checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Breach {
    /// A sorted file of SHA-1 hashes in hexadecimal, one per line, `HASH:COUNT` or bare, of any size.
    pub file: Option<PathBuf>,
    /// An endpoint of the range protocol: the URL before `/range/`, such as `https://api.pwnedpasswords.com`.
    pub endpoint: Option<String>,
    /// Milliseconds to wait for the endpoint. After that the password is accepted.
    pub timeout_milliseconds: u32,
    /// How often a password must have been seen to be rejected.
    pub min_count: u32,
}

impl Default for Breach {
    fn default() -> Self {
        Self { file: None, endpoint: None, timeout_milliseconds: 1_500, min_count: 1 }
    }
}

impl Breach {
    /// Checks the bounds, and the endpoint's URL. Whether file and endpoint can be used is checked where they are
    /// opened.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.endpoint.as_deref().is_some_and(|endpoint| !is_endpoint(endpoint)) {
            let wanted = "must be the http or https URL in front of /range/, without user, query or fragment";
            return Err(Invalid::new("breach.endpoint", wanted));
        }
        Invalid::unless_within("breach.timeout_milliseconds", self.timeout_milliseconds, 50..=10_000)?;
        Invalid::unless_within("breach.min_count", self.min_count, 1..=1_000_000)
    }

    /// The settings for the service.
    pub fn settings(&self) -> breach::Settings {
        breach::Settings {
            file: self.file.clone(),
            endpoint: self.endpoint.clone(),
            timeout: Duration::from_millis(self.timeout_milliseconds.into()),
            min_count: self.min_count.into(),
        }
    }
}

/// Whether every look-up would go where it is meant to. One that goes astray is never answered, and then every password
/// is accepted.
fn is_endpoint(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#@\\".contains(&byte));
    let is_base = !text.trim_end_matches('/').ends_with("/range");
    plain && is_base && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
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

    #[test]
    fn an_endpoint_that_would_never_answer_is_refused() {
        let with = |endpoint: &str| Breach { endpoint: Some(endpoint.to_owned()), ..Breach::default() }.validate();
        for good in ["https://api.pwnedpasswords.com", "https://api.pwnedpasswords.com/", "http://127.0.0.1:8081/pwned"]
        {
            with(good).unwrap();
        }
        for bad in ["", "api.pwnedpasswords.com", "ftp://a", "https://a/range", "https://a/range/", "https://a#b"] {
            assert_eq!(with(bad).unwrap_err().key, "breach.endpoint", "{bad}");
        }
        for bad in ["https://a?b", "https://u:hunter2@a", "https://a b", "https://", "https://a:99999"] {
            assert!(!with(bad).unwrap_err().to_string().contains("hunter2"), "{bad}");
        }
    }
}
