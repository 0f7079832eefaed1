//! `[log]`

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use super::Invalid;

/// The HTTP library logs at each start what Latchkey logs itself, and calls every broken request an error. It logs only
/// where a directive of the operator names it.
const QUIET: &str = "actix_server=warn,actix_http=off,";

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Parts of this program, and of its dependencies, that write log lines.
const TARGETS: [&str; 22] = [
    "access",
    "actix",
    "api",
    "audit",
    "auth",
    "breach",
    "diesel",
    "hyper",
    "import",
    "kernel",
    "latchkey",
    "lettre",
    "mail",
    "mio",
    "names",
    "password_policy",
    "permissions",
    "rustls",
    "service",
    "store",
    "tokio",
    "two_factor",
];

/// The format of a log line.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// The log, which goes to standard error.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// The format of a line.
    pub format: Format,
    /// What is logged: `off`, `error`, `warn`, `info`, `debug`, `trace`, or directives as in `info,store=debug`.
    /// Without a level that stands alone, it is `info`.
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
        let directives = Directives::parse(&self.level).ok_or_else(invalid)?;
        let quiet = if self.level.contains("actix") { "" } else { QUIET };
        EnvFilter::builder().parse(format!("{quiet}{}", directives.to_text())).map_err(|_| invalid())
    }

    /// Names in the directives that write no lines: a part of another program, or a typo.
    pub fn unknown_targets(&self) -> Vec<&str> {
        let parsed = Directives::parse(&self.level);
        let named = parsed.into_iter().flat_map(|directives| directives.targets).map(|(target, _)| target);
        // A directive applies to all names with this prefix.
        named.filter(|name| !TARGETS.iter().any(|known| known.starts_with(name) || name.starts_with(known))).collect()
    }
}

fn invalid() -> Invalid {
    let wanted = "must be one of off, error, warn, info, debug and trace, or directives as in info,store=debug";
    Invalid::new("log.level", wanted)
}

/// The operator's directives. The library takes an unknown word for the name of a part, and then logs nothing else.
struct Directives<'a> {
    /// For everything that is not named.
    level: &'static str,
    targets: Vec<(&'a str, &'static str)>,
}

impl<'a> Directives<'a> {
    /// `None`: a part would silently have no effect, or another one than it says.
    fn parse(text: &'a str) -> Option<Self> {
        let (mut bare, mut targets) = (None, Vec::<(&str, &str)>::new());
        for directive in text.split(',').map(str::trim) {
            match directive.split_once('=') {
                None if bare.is_some() => return None,
                None => bare = Some(level(directive)?),
                Some((target, named)) => {
                    let target = target.trim();
                    let is_path = target.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:-".contains(&byte));
                    if target.is_empty() || !is_path || targets.iter().any(|(earlier, _)| *earlier == target) {
                        return None;
                    }
                    targets.push((target, level(named.trim())?));
                }
            }
        }
        Some(Self { level: bare.unwrap_or("info"), targets })
    }

    /// The directives in the library's syntax.
    fn to_text(&self) -> String {
        let mut text = self.level.to_owned();
        for (target, level) in &self.targets {
            text.extend([",", target, "=", level]);
        }
        text
    }
}

fn level(text: &str) -> Option<&'static str> {
    LEVELS.into_iter().find(|level| level.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(level: &str) -> Log {
        Log { level: level.to_owned(), ..Log::default() }
    }

    #[test]
    fn what_would_turn_the_log_off_by_mistake_is_refused() {
        for bad in ["loud", "warning", "trace=", "=trace", "loud=very", "info,", ",", "", "info,debug", "3", "verbose"]
        {
            assert_eq!(log(bad).validate().unwrap_err().key, "log.level", "{bad}");
        }
        for bad in ["store", "info,store", "store=", "store=loud", "info;store=debug", "[x]=info", "info store=debug"] {
            assert_eq!(log(bad).validate().unwrap_err().key, "log.level", "{bad}");
        }
        assert_eq!(log("store=debug,store=info").validate().unwrap_err().key, "log.level");
    }

    #[test]
    fn levels_have_no_case_and_what_is_not_named_stays_at_info() {
        let text = |level: &str| Directives::parse(level).unwrap().to_text();
        for (written, meant) in [
            ("INFO", "info"),
            (" Warn ", "warn"),
            ("off", "off"),
            ("store=debug", "info,store=debug"),
            ("store = DEBUG , error", "error,store=debug"),
            ("debug,api::server=trace,access=off", "debug,api::server=trace,access=off"),
        ] {
            assert_eq!(text(written), meant);
            log(written).validate().unwrap();
        }
    }

    #[test]
    fn names_that_nothing_has_are_found() {
        assert!(log("info,store::door=debug,actix_http=warn,access=off").unknown_targets().is_empty());
        assert_eq!(log("info,stroe=debug,accces=off").unknown_targets(), ["stroe", "accces"]);
    }
}
