//! Replies, and what tests expect of them.

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::{Client, Login, Problem, Session, documented};

/// What came back.
pub struct Reply {
    client: Client,
    what: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// A device was confirmed.
pub struct Confirmed {
    pub recovery_codes: Vec<String>,
    /// How the login goes on, as if it were the reply.
    pub result: Reply,
}

impl Reply {
    pub fn new(client: Client, what: String, status: u16, headers: HeaderMap, body: Vec<u8>) -> Self {
        Self { client, what, status, headers, body }
    }

    /// What holds for every reply of every test.
    pub fn check_what_all_replies_have(&self) {
        assert_ne!(self.status, 500, "{self:?}");
        assert_eq!(self.header("cache-control"), "no-store", "{self:?}");
        assert_eq!(self.header("x-content-type-options"), "nosniff", "{self:?}");
        assert!(!self.header("x-request-id").is_empty(), "{self:?}");
        // A reply to HEAD has no body.
        if self.header("content-type") == "application/problem+json" && !self.body.is_empty() {
            let body = self.json();
            let code = body["code"].as_str().unwrap_or_default();
            assert!(documented::is_documented(&self.what, code), "{code} is not in the document: {self:?}");
        }
    }

    /// The header, or nothing.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body as text.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_else(|_| panic!("no text: {self:?}"))
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|why| panic!("no JSON ({why}): {self:?}"))
    }

    /// JSON, with this status.
    #[track_caller]
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/json", "{self:?}");
        self.json()
    }

    /// Nothing, with this status.
    #[track_caller]
    pub fn empty(&self, status: u16) {
        assert_eq!(self.status, status, "{self:?}");
        assert!(self.body.is_empty(), "{self:?}");
    }

    /// A session.
    #[track_caller]
    pub fn session(&self) -> Session {
        let body = self.ok(200);
        assert_eq!(body["status"], "authenticated", "{self:?}");
        Session::new(self.client.clone(), body)
    }

    /// A login that waits for the step `next`.
    #[track_caller]
    pub fn challenge(&self, next: &str) -> Login {
        let body = self.ok(200);
        assert_eq!(body["status"], "challenge", "{self:?}");
        assert_eq!(body["next"], next, "{self:?}");
        assert_eq!(body.get("totp").is_some(), next == "totp", "{self:?}");
        assert_eq!(body.get("password_change").is_some(), next == "password_change", "{self:?}");
        Login::new(self.client.clone(), body)
    }

    /// A confirmed device.
    #[track_caller]
    pub fn confirmed(&self) -> Confirmed {
        let body = self.ok(200);
        let codes = body["recovery_codes"].as_array().unwrap_or_else(|| panic!("no recovery codes: {self:?}"));
        let recovery_codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        let result = serde_json::to_vec(&body["result"]).unwrap();
        let what = format!("the result in {}", self.what);
        let result = Self::new(self.client.clone(), what, self.status, self.headers.clone(), result);
        Confirmed { recovery_codes, result }
    }

    /// An error reply, with all that such a reply has.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Problem {
        assert_eq!(self.status, status, "{self:?}");
        let problem = Problem::of(self);
        assert_eq!(problem.code(), code, "{self:?}");
        problem
    }
}

/// For the messages of failed tests: what was asked and what came.
impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        let shown: String = body.chars().take(2_000).collect();
        write!(f, "{} gave {} with {:?}: {shown}", self.what, self.status, self.headers)
    }
}
