//! Parses bytes to a value, or to a problem that says where the body is wrong.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::{
    message::{Fault, fault, without_position},
    pointer::{of_path, parent_and},
    strict,
};
use crate::problem::{FieldError, Problem};

/// Parses a body.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Problem::malformed(format!("The body is not UTF-8: byte {} is invalid.", error.valid_up_to() + 1))
    })?;
    if text.trim_ascii().is_empty() {
        return Err(Problem::malformed("The body is empty; the operation requires a JSON object."));
    }
    strict::check(text).map_err(|error| not_json(&error))?;
    // The deserializer would accept an array of the values in the order of the fields.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(Problem::invalid(vec![FieldError::new("", "wrong_type", "expected an object")]));
    }

    let mut deserializer = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let pointer = of_path(error.path());
        does_not_fit(&pointer, error.inner())
    })
}

fn not_json(error: &serde_json::Error) -> Problem {
    let place = format!("line {}, column {}", error.line(), error.column());
    let message = without_position(error);
    Problem::malformed(match error.classify() {
        Category::Eof => format!("The body ends too early ({place})."),
        // The parser's messages are about syntax and name no value.
        Category::Syntax => format!("The body is not JSON: {message} ({place})."),
        Category::Data => format!("The body has {message} ({place})."),
        Category::Io => "The body cannot be read.".to_owned(),
    })
}

fn does_not_fit(pointer: &str, error: &serde_json::Error) -> Problem {
    match fault(&without_position(error)) {
        Fault::UnknownField { name, known } => {
            let named = name.map_or_else(|| "an unknown key".to_owned(), |name| format!("the unknown key `{name}`"));
            // The path ends with the key itself.
            let parent = pointer.rsplit_once('/').map(|(parent, _)| parent).unwrap_or_default();
            let place = if parent.is_empty() { String::new() } else { format!(" in {parent}") };
            let position = format!("line {}, column {}", error.line(), error.column());
            Problem::malformed(format!("The body has {named}{place} ({position}); {known}."))
        }
        Fault::MissingField { name } => {
            let message = format!("`{name}` is required");
            Problem::invalid(vec![FieldError::new(parent_and(pointer, &name), "required", message)])
        }
        Fault::Other { code, message } => Problem::invalid(vec![FieldError::new(pointer, code, message)]),
    }
}

#[cfg(test)]
mod tests {
    use kernel::UserId;
    use secrecy::SecretString;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read by the deserializer")]
    struct Request {
        name: String,
        password: SecretString,
        mode: Option<Mode>,
        inner: Option<Inner>,
        ids: Option<Vec<UserId>>,
        count: Option<u8>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read by the deserializer")]
    struct Inner {
        list: Vec<u8>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Mode {
        On,
        Off,
    }

    fn refusal(body: &[u8]) -> String {
        parse::<Request>(body).unwrap_err().to_string()
    }

    #[test]
    fn a_good_body_is_read() {
        for mode in ["on", "off"] {
            let body = format!(r#"{{"name":"n","password":"\u0000é","mode":"{mode}","inner":{{"list":[1]}}}}"#);
            assert!(matches!(parse::<Request>(body.as_bytes()).unwrap().mode, Some(Mode::On | Mode::Off)));
        }
    }

    #[test]
    fn what_is_no_json_is_malformed_and_says_where() {
        for (body, expected) in [
            (&b""[..], "The body is empty; the operation requires a JSON object."),
            (b" \n\t", "The body is empty; the operation requires a JSON object."),
            (b"{\"name\":\"\xff\"}", "The body is not UTF-8: byte 10 is invalid."),
            (b"{\"name\":", "The body ends too early (line 1, column 8)."),
            (b"{\"name\":\"a\"} x", "The body is not JSON: trailing characters (line 1, column 14)."),
            (b"\xef\xbb\xbf{}", "The body is not JSON: expected value (line 1, column 1)."),
            (b"{\"name\":\"a\",\n\"name\":\"b\"}", "The body has the same key twice in one object (line 2, column 6)."),
            // Before any field is looked at.
            (b"{\"name\":1,\"count\":", "The body ends too early (line 1, column 18)."),
            (b"{\"name\":1,\"name\":2}", "The body has the same key twice in one object (line 1, column 16)."),
        ] {
            assert_eq!(refusal(body), format!("malformed_request: {expected}"));
        }
    }

    #[test]
    fn what_the_type_ignores_is_read_too() {
        #[derive(Debug, Deserialize)]
        struct Ignoring {
            #[expect(dead_code, reason = "only read by the deserializer")]
            rest: serde::de::IgnoredAny,
        }

        let refusal = |body: &str| parse::<Ignoring>(body.as_bytes()).unwrap_err().to_string();
        assert!(parse::<Ignoring>(br#"{"rest":{"a":[1]}}"#).is_ok());
        assert!(refusal(r#"{"rest":{"a":1,"a":2}}"#).starts_with("malformed_request: The body has the same key twice"));
        let deep = format!("{{\"rest\":{}{}}}", "[".repeat(200), "]".repeat(200));
        assert!(refusal(&deep).starts_with("malformed_request: The body has values nested more than 32 levels deep"));
    }

    #[test]
    fn an_unknown_key_is_malformed_and_named() {
        assert_eq!(
            refusal(br#"{"name":"a","pasword":"hunter2"}"#),
            "malformed_request: The body has the unknown key `pasword` (line 1, column 21); \
             expected one of `name`, `password`, `mode`, `inner`, `ids`, `count`."
        );
        assert_eq!(
            refusal(br#"{"name":"a","password":"b","inner":{"lst":[]}}"#),
            "malformed_request: The body has the unknown key `lst` in /inner (line 1, column 41); \
             expected `list`."
        );
        assert!(refusal(br#"{"hunter2 hunter2":1}"#).starts_with("malformed_request: The body has an unknown key"));
    }

    #[test]
    fn json_that_does_not_fit_has_pointers_and_no_values() {
        for (body, expected) in [
            (r#"{"name":"a"}"#, "The field /password is invalid: `password` is required."),
            (r#"{"name":"a","password":4711}"#, "The field /password is invalid: expected a string."),
            (r#"{"name":null,"password":""}"#, "The field /name is invalid: expected a string."),
            (
                r#"{"name":"a","password":"hunter2","mode":"hunter2"}"#,
                "The field /mode is invalid: expected `on` or `off`.",
            ),
            (
                r#"{"name":"a","password":"b","inner":{"list":[1,"hunter2"]}}"#,
                "The field /inner/list/1 is invalid: expected u8.",
            ),
            (
                r#"{"name":"a","password":"b","ids":["hunter2"]}"#,
                "The field /ids/0 is invalid: not a UUID in the form 8-4-4-4-12.",
            ),
            (r#"{"name":"a","password":"b","count":256}"#, "The field /count is invalid: expected u8."),
            (r#"["hunter2"]"#, "The body is invalid: expected an object."),
            (r#"["hunter2","hunter2",null,null,null,null]"#, "The body is invalid: expected an object."),
            ("\"hunter2, expected hunter2\"", "The body is invalid: expected an object."),
        ] {
            assert_eq!(refusal(body.as_bytes()), format!("validation_failed: {expected}"), "{body}");
        }
    }
}
