//! Parses lines of NDJSON.

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::{Refused, fields::Fields};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    username: Option<String>,
    display_name: Option<String>,
    email: Option<String>,
    status: Option<String>,
    permissions: Option<Vec<String>>,
    password_hash: Option<String>,
    password_changed_at: Option<String>,
    must_change_password: Option<bool>,
    totp_secret: Option<String>,
    totp_migration: Option<String>,
}

/// Parses the line. Empty texts count as absent, as in CSV.
pub(crate) fn read(text: &str) -> Result<Fields, Refused> {
    // A list of values in the right order would be accepted as an object.
    if text.trim_ascii_start().starts_with('[') {
        return Err(Refused::Malformed("a line must be a JSON object".to_owned()));
    }
    let line: Line = serde_json::from_str(text).map_err(|why| Refused::Malformed(describe(&why)))?;
    Ok(Fields {
        username: line.username.filter(|text| !text.is_empty()),
        display_name: line.display_name.filter(|text| !text.is_empty()),
        email: line.email.filter(|text| !text.is_empty()),
        status: line.status.filter(|text| !text.is_empty()),
        permissions: line.permissions.unwrap_or_default(),
        password_hash: line.password_hash.filter(|text| !text.is_empty()).map(Zeroizing::new),
        password_changed_at: line.password_changed_at.filter(|text| !text.is_empty()),
        must_change_password: line.must_change_password,
        totp_secret: line.totp_secret.filter(|text| !text.is_empty()).map(Zeroizing::new),
        totp_migration: line.totp_migration.filter(|text| !text.is_empty()).map(Zeroizing::new),
    })
}

/// Serde's message, without the values that it quotes.
fn describe(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let column = error.column();
    let kind = message.split(" at line ").next().unwrap_or_default();
    match error.classify() {
        serde_json::error::Category::Eof => format!("the JSON ends too early (column {column})"),
        // These messages are about syntax and contain no value.
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
            format!("this is not JSON: {kind} (column {column})")
        }
        serde_json::error::Category::Data => {
            if let Some((_, known)) = kind.split_once("expected one of ").filter(|_| kind.starts_with("unknown field"))
            {
                return format!("there is an unknown key (column {column}); known keys are {known}");
            }
            if kind.starts_with("duplicate field") {
                return format!("there is a {} (column {column})", kind.replace("field", "key"));
            }
            let expected = kind.rsplit_once("expected ").map_or("another type", |(_, expected)| expected);
            let expected = if expected == "struct Line" { "a JSON object" } else { expected };
            format!("a value has the wrong type (column {column}): expected {expected}")
        }
    }
}
