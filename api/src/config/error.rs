//! Errors of a configuration, in words that name the key and never a value.

use std::path::PathBuf;

use figment::{
    Metadata,
    error::{Actual, Kind, OneOf},
};

/// A value of the right type that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {message}")]
pub struct Invalid {
    /// The key, as in `server.public_url`.
    pub key: &'static str,
    /// What it must be.
    pub message: String,
}

impl Invalid {
    /// `key` must be as `message` says.
    pub fn new(key: &'static str, message: impl Into<String>) -> Self {
        Self { key, message: message.into() }
    }

    /// Rejects a number outside of `range`.
    pub fn unless_within<N>(key: &'static str, value: N, range: std::ops::RangeInclusive<N>) -> Result<(), Self>
    where
        N: Copy + PartialOrd + std::fmt::Display,
    {
        if range.contains(&value) {
            return Ok(());
        }
        let (least, most) = range.into_inner();
        Err(Self::new(key, format!("must be from {least} to {most}")))
    }
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The requested file cannot be read.
    #[error("cannot read the configuration file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// Keys are unknown or have values of another type.
    #[error("{}", .0.join("\n"))]
    Refused(Vec<String>),
    /// A value cannot be used.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

impl From<figment::Error> for ConfigError {
    fn from(error: figment::Error) -> Self {
        Self::Refused(error.into_iter().map(|error| describe(&error)).collect())
    }
}

/// One line for one error of figment. Its own message would quote the value, which may be a secret.
fn describe(error: &figment::Error) -> String {
    let source = source_of(error.metadata.as_ref());
    let key = error.path.join(".");
    match &error.kind {
        Kind::UnknownField(name, known) => {
            let full = if error.path.last() == Some(name) || key.is_empty() {
                if key.is_empty() { name.clone() } else { key }
            } else {
                format!("{key}.{name}")
            };
            format!("{full}: no such key; known keys are {}{source}", known.join(", "))
        }
        Kind::UnknownVariant(_, known) => format!("{key}: must be {}{source}", OneOf(known)),
        Kind::InvalidType(actual, expected) => {
            format!("{key}: expected {expected}, found {}{}{source}", kind_of(actual), hint(actual, expected))
        }
        Kind::InvalidValue(_, expected) => format!("{key}: expected {expected}{source}"),
        Kind::Message(message) => {
            let message = without_source_lines(message);
            if key.is_empty() { format!("{message}{source}") } else { format!("{key}: {message}{source}") }
        }
        Kind::MissingField(name) => format!("{name}: is missing{source}"),
        Kind::DuplicateField(name) => format!("{name}: is given twice{source}"),
        Kind::InvalidLength(..)
        | Kind::ISizeOutOfRange(_)
        | Kind::USizeOutOfRange(_)
        | Kind::Unsupported(_)
        | Kind::UnsupportedKey(..) => format!("{key}: is out of range{source}"),
    }
}

/// Where a value was set: the file, or the variable.
pub(super) fn source_of(metadata: Option<&Metadata>) -> String {
    match metadata {
        Some(metadata) => match &metadata.source {
            Some(source) => format!(" ({source})"),
            None => format!(" ({})", metadata.name),
        },
        None => String::new(),
    }
}

/// Environment variables are read like TOML values: text that looks like a number needs quotes.
fn hint(actual: &Actual, expected: &str) -> &'static str {
    let is_scalar = matches!(actual, Actual::Bool(_) | Actual::Unsigned(_) | Actual::Signed(_) | Actual::Float(_));
    if is_scalar && expected.contains("string") { "; put the text in double quotes" } else { "" }
}

fn kind_of(actual: &Actual) -> &'static str {
    match actual {
        Actual::Bool(_) => "true or false",
        Actual::Unsigned(_) | Actual::Signed(_) | Actual::Float(_) => "a number",
        Actual::Char(_) | Actual::Str(_) => "text",
        Actual::Seq | Actual::Bytes(_) => "a list",
        Actual::Map => "a section",
        Actual::Unit
        | Actual::Option
        | Actual::NewtypeStruct
        | Actual::Enum
        | Actual::UnitVariant
        | Actual::NewtypeVariant
        | Actual::TupleVariant
        | Actual::StructVariant
        | Actual::Other(_) => "something else",
    }
}

/// A TOML syntax error without the line of the file that it quotes.
fn without_source_lines(message: &str) -> String {
    let kept = message.lines().filter(|line| !line.split_once('|').is_some_and(|(number, _)| is_line_number(number)));
    kept.collect::<Vec<_>>().join(": ")
}

fn is_line_number(text: &str) -> bool {
    text.trim().bytes().all(|byte| byte.is_ascii_digit())
}
