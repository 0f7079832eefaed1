//! What is wrong with one field of a body.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

/// An error in one field of the request body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) to the field. Empty for the whole body.
    #[schema(examples("/username"))]
    pub pointer: String,
    /// The error, for programs. More codes may be added.
    #[schema(value_type = String, examples("required"))]
    pub code: Cow<'static, str>,
    /// The error, for people. It never repeats what was sent.
    #[schema(value_type = String, examples("`username` is required"))]
    pub message: Cow<'static, str>,
}

impl FieldError {
    /// `code` is wrong with the field at `pointer`.
    pub fn new(
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { pointer: pointer.into(), code: code.into(), message: message.into() }
    }
}
