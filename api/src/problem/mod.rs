//! Error replies: RFC 9457 problem details.
//!
//! A [`Problem`] is a [`Code`], a sentence for the reader, and the members that belong to the code. It becomes a reply
//! in one place ([`render()`]), which knows the request id.

mod code;
pub mod document;
mod field;
mod render;
mod service;

use std::{borrow::Cow, fmt};

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use permissions::Permission;

pub use self::{code::Code, field::FieldError, render::render};

/// An error reply.
#[derive(Clone)]
pub struct Problem(Box<Parts>);

/// The content of a problem besides its code. Members that do not belong to the code stay `None`.
#[derive(Clone)]
struct Parts {
    code: Code,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    permission: Option<Permission>,
    /// What the caller lacks, for the audit; not part of the reply.
    denied: Option<Permission>,
    next: Option<&'static str>,
    attempts_left: Option<u8>,
    retry_after: Option<u32>,
    max_age: Option<u32>,
    /// Whether the database accepts writes.
    writes: Option<bool>,
    allow: Option<String>,
    /// Whether the request carried no credential at all: RFC 6750 §3.1 then requires the challenge to have no error.
    without_credential: bool,
}

/// What a handler returns when it fails.
pub type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    /// A problem with this code. `detail` tells a reader what happened and what to do; it never repeats what was sent.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Parts {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            permission: None,
            denied: None,
            next: None,
            attempts_left: None,
            retry_after: None,
            max_age: None,
            writes: None,
            allow: None,
            without_credential: false,
        }))
    }

    /// 400: what was sent cannot be read. `detail` says where.
    pub fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::MalformedRequest, detail)
    }

    /// 401: no access token was sent.
    pub fn no_credential() -> Self {
        let mut problem = Self::new(
            Code::InvalidToken,
            "This operation requires a credential. Send it in the header `Authorization: Bearer <token>`.",
        );
        problem.0.without_credential = true;
        problem
    }

    /// 401: no challenge token was sent.
    pub fn no_challenge() -> Self {
        let mut problem = Self::new(
            Code::ChallengeInvalid,
            "This operation requires the challenge token. Send it in the header `Authorization: Bearer <token>`.",
        );
        problem.0.without_credential = true;
        problem
    }

    /// 404, for what does not exist and for what belongs to another account.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "There is no such resource, or it belongs to another account.")
    }

    /// 422: the body can be read, but these fields cannot be used.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] if one.pointer.is_empty() => format!("The body is invalid: {}.", one.message.trim_end_matches('.')),
            [one] => format!("The field {} is invalid: {}.", one.pointer, one.message.trim_end_matches('.')),
            several => format!("{} fields are invalid; see `errors`.", several.len()),
        };
        let mut problem = Self::new(Code::ValidationFailed, detail);
        problem.0.errors = errors;
        problem
    }

    /// 422: the new password violates these rules.
    pub fn password_refused(errors: Vec<FieldError>) -> Self {
        let mut problem = Self::new(Code::PasswordRefused, "The new password does not meet the policy; see `errors`.");
        problem.0.errors = errors;
        problem
    }

    /// 500: the reason is in the log and nowhere else.
    pub fn internal() -> Self {
        Self::new(
            Code::InternalError,
            "Something went wrong on our side. The log has the reason under the request id in `instance`.",
        )
    }

    /// 405: the path supports other methods.
    pub fn method_not_allowed(allow: String) -> Self {
        let mut problem = Self::new(Code::MethodNotAllowed, format!("This path accepts {allow}."));
        problem.0.allow = Some(allow);
        problem
    }

    /// What the caller lacks, if that is why the request was rejected.
    pub const fn denied(&self) -> Option<&Permission> {
        self.0.denied.as_ref()
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.0.code
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.as_str(), self.0.detail)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        render(self, None)
    }
}
