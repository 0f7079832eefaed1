//! Reads the deserializer's messages without the values that they quote.

use std::borrow::Cow;

/// The fault that a message of the deserializer describes.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// A key that the type does not have. `name` only if it looks like one: a secret may be sent in place of a key.
    UnknownField {
        /// The key.
        name: Option<String>,
        /// The keys that the type has, in words.
        known: String,
    },
    /// A key that is required.
    MissingField {
        /// The key.
        name: String,
    },
    /// A value of another type or out of bounds.
    Other {
        /// The fault, for programs.
        code: &'static str,
        /// The fault, for people.
        message: Cow<'static, str>,
    },
}

/// The message without ` at line 1 column 2`.
pub fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).map(str::to_owned).unwrap_or(text)
}

/// Parses a message. Only words of Latchkey's types and of serde's own grammar are taken over.
pub fn fault(message: &str) -> Fault {
    if let Some(rest) = message.strip_prefix("unknown field `") {
        // The name may hold anything, the list behind it only known names: so it is split from the right.
        let (name, known) = match rest.rsplit_once("`, expected ") {
            Some((name, known)) => (name, format!("expected {known}")),
            None => (rest.strip_suffix("`, there are no fields").unwrap_or_default(), "expected none".to_owned()),
        };
        return Fault::UnknownField { name: is_name(name).then(|| name.to_owned()), known };
    }
    if let Some(name) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return Fault::MissingField { name: name.to_owned() };
    }
    let expected = || message.rsplit_once(", expected ").map(|(_, expected)| in_words(expected));
    let (code, message) = if message.starts_with("unknown variant") {
        ("unknown_value", expected())
    } else if message.starts_with("invalid type") {
        ("wrong_type", expected())
    } else if message == kernel::InvalidId.to_string() {
        ("invalid_id", Some(message.to_owned()))
    } else {
        ("invalid_value", expected())
    };
    let message = message.map_or(Cow::Borrowed("the value does not have the documented form"), Cow::Owned);
    Fault::Other { code, message }
}

/// Whether text looks like a key of an API.
fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

/// What was expected, in JSON's terms rather than Rust's.
fn in_words(expected: &str) -> String {
    let words = if expected.starts_with("struct ") || expected == "a map" {
        "an object"
    } else if expected.starts_with("a sequence") || expected.starts_with("tuple ") {
        "an array"
    } else if expected.starts_with("variant ") || expected.starts_with("enum ") {
        "a string"
    } else {
        expected
    };
    format!("expected {words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_left_out() {
        for (message, code, expected) in [
            ("invalid type: string \"a, expected b\", expected u8", "wrong_type", "expected u8"),
            ("unknown variant `x`, expected one of `a`, `b`, `c`", "unknown_value", "expected one of `a`, `b`, `c`"),
            ("invalid value: integer `300`, expected u8", "invalid_value", "expected u8"),
            ("premature end of input", "invalid_value", "the value does not have the documented form"),
            ("invalid type: null, expected struct Login", "wrong_type", "expected an object"),
        ] {
            assert_eq!(fault(message), Fault::Other { code, message: expected.into() }, "{message}");
        }
    }

    #[test]
    fn keys_are_told_from_what_follows() {
        let Fault::UnknownField { name, known } = fault("unknown field `a`, expected one of `b`, `c`") else {
            panic!()
        };
        assert_eq!((name.as_deref(), known.as_str()), (Some("a"), "expected one of `b`, `c`"));
        let Fault::UnknownField { name, known } = fault("unknown field `a b`, there are no fields") else { panic!() };
        assert_eq!((name, known.as_str()), (None, "expected none"));
    }
}
