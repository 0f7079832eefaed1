//! `[log]`

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use super::Invalid;

/// The HTTP library says at each start what we say ourselves, and calls every broken request an error. It speaks only
/// where a directive of the operator names it.
const QUIET: &str = "actix_server=warn,actix_http=off,";

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
        let quiet = if self.level.contains("actix") { "" } else { QUIET };
        EnvFilter::builder().parse(format!("{quiet}{}", self.level)).map_err(|_| {
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
