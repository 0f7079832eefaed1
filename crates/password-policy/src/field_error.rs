//! Errors in the fields of a policy.

use std::borrow::Cow;

/// One invalid field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pointer: Cow<'static, str>,
    code: &'static str,
    message: String,
}

impl FieldError {
    pub(crate) fn new(pointer: impl Into<Cow<'static, str>>, code: &'static str, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, message: message.into() }
    }

    pub(crate) fn out_of_range(pointer: impl Into<Cow<'static, str>>, field: &str, low: i64, high: i64) -> Self {
        Self::new(pointer, "out_of_range", format!("`{field}` must be from {low} to {high}"))
    }

    /// The place, as a JSON pointer (RFC 6901) into the policy.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The code, for programs: `required`, `unknown_value`, `out_of_range`, `too_long`, `too_many`, `contradiction`,
    /// `not_applicable` or `malformed`.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The message, for people.
    pub fn message(&self) -> &str {
        &self.message
    }
}
