//! `[log]`

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use super::Invalid;

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// The log, which goes to standard error.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// How a line looks.
    pub format: Format,
    /// What is logged: `error`, `warn`, `info`, `debug`, `trace`, or directives as in `info,store=debug`.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: Format::default(), level: "info".to_owned() }
    }
}

impl Log {
    /// Checks the directives.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.filter().map(drop)
    }

    /// The directives, parsed.
    pub fn filter(&self) -> Result<EnvFilter, Invalid> {
        EnvFilter::builder().parse(&self.level).map_err(|_| {
            Invalid::new("log.level", "has to be error, warn, info, debug, trace, or directives as in info,store=debug")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_that_is_none_is_refused() {
        let log = Log { level: "loud=very".to_owned(), ..Log::default() };
        assert_eq!(log.validate().unwrap_err().key, "log.level");
    }
}
