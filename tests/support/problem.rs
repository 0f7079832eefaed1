//! Error replies (RFC 9457).

use std::ops::Deref;

use serde_json::Value;

use super::Reply;

/// The members that a problem may have, and the codes with which those beyond the standard's come.
const MEMBERS: [(&str, &[&str]); 13] = [
    ("type", &[]),
    ("title", &[]),
    ("status", &[]),
    ("detail", &[]),
    ("instance", &[]),
    ("code", &[]),
    ("errors", &["validation_failed", "password_refused"]),
    ("permission", &["permission_required"]),
    ("next", &["wrong_step"]),
    ("attempts_left", &["invalid_code"]),
    ("retry_after", &["too_many_requests", "overloaded", "database_unavailable"]),
    ("max_age", &["reauthentication_required"]),
    ("writes", &["database_unavailable"]),
];

/// An error reply that has all that it has to have.
#[derive(Debug, PartialEq)]
pub struct Problem(Value);

impl Problem {
    /// Checks the reply.
    #[track_caller]
    pub fn of(reply: &Reply) -> Self {
        assert_eq!(reply.header("content-type"), "application/problem+json", "{reply:?}");
        let body = reply.json();
        let code = body["code"].as_str().unwrap_or_else(|| panic!("no code: {reply:?}"));
        assert_eq!(body["type"], format!("/problems/{code}"), "{reply:?}");
        assert_eq!(body["status"], reply.status, "{reply:?}");
        assert_eq!(body["instance"], reply.header("x-request-id"), "{reply:?}");
        for member in ["title", "detail"] {
            assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "no {member}: {reply:?}");
        }
        let detail = body["detail"].as_str().unwrap();
        assert!(is_sentence(detail), "a front end may show it: {detail}");
        for member in body.as_object().unwrap().keys() {
            let known = MEMBERS.iter().find(|(name, _)| name == member);
            let (_, codes) = known.unwrap_or_else(|| panic!("unknown member {member}: {reply:?}"));
            assert!(codes.is_empty() || codes.contains(&code), "{member} does not belong here: {reply:?}");
        }
        let challenge = reply.header("www-authenticate");
        assert_eq!(challenge.starts_with("Bearer realm="), reply.status == 401, "{reply:?}");
        let retry_after = body.get("retry_after").map_or_else(String::new, ToString::to_string);
        assert_eq!(reply.header("retry-after"), retry_after, "{reply:?}");
        assert_eq!(!retry_after.is_empty(), matches!(reply.status, 429 | 503), "{reply:?}");
        let limit = if reply.status == 429 { format!("\"guesses\";r=0;t={retry_after}") } else { String::new() };
        assert_eq!(reply.header("ratelimit"), limit, "{reply:?}");
        Self(body)
    }

    /// What people read.
    pub fn detail(&self) -> &str {
        self.0["detail"].as_str().unwrap()
    }

    /// What programs switch on.
    pub fn code(&self) -> &str {
        self.0["code"].as_str().unwrap()
    }

    /// How often one may try again before the login ends.
    pub fn attempts_left(&self) -> Option<u64> {
        self.0.get("attempts_left").map(|left| left.as_u64().unwrap())
    }

    /// Seconds to wait.
    #[track_caller]
    pub fn retry_after(&self) -> i64 {
        self.0["retry_after"].as_i64().unwrap_or_else(|| panic!("no retry_after: {self:?}"))
    }

    /// What is wrong with which field: `(pointer, code)`, in the order of the reply. Each has a sentence for people.
    #[track_caller]
    pub fn errors(&self) -> Vec<(&str, &str)> {
        let errors = self.0["errors"].as_array().unwrap_or_else(|| panic!("no errors: {self:?}"));
        let text = |error: &'static str| move |fields: &Value| fields[error].is_string();
        assert!(errors.iter().all(text("message")), "{self:?}");
        errors.iter().map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())).collect()
    }

    /// Without the request's id, which is the one thing in which two replies to the same mistake differ.
    pub fn without_instance(mut self) -> Value {
        self.0.as_object_mut().unwrap().remove("instance");
        self.0
    }
}

/// All members, as JSON.
impl Deref for Problem {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

/// Whether people can be shown this: it begins and ends as a sentence does, and counts one of something as one.
fn is_sentence(text: &str) -> bool {
    let words: Vec<_> = text.split(' ').collect();
    let is_one_of_many = |pair: &[&str]| pair[0] == "1" && pair[1].trim_end_matches(['.', ',', ';']).ends_with('s');
    !text.starts_with(char::is_lowercase) && text.ends_with(['.', '?', '!']) && !words.windows(2).any(is_one_of_many)
}
