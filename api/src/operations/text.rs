//! Turns the secrets that people type into types of the domain.

use password_policy::{InvalidPassword, Password};
use secrecy::{ExposeSecret, SecretString};

use crate::problem::{FieldError, Problem, Result};

/// A password to verify. Text that cannot be a password is rejected before it costs a hash.
pub fn password(pointer: &'static str, text: SecretString) -> Result<Password> {
    Password::new(text).map_err(|why| Problem::invalid(vec![FieldError::new(pointer, code(why), why.to_string())]))
}

/// A new password.
pub fn new_password(pointer: &'static str, text: SecretString) -> Result<Password> {
    Password::new(text)
        .map_err(|why| Problem::password_refused(vec![FieldError::new(pointer, code(why), why.to_string())]))
}

const fn code(why: InvalidPassword) -> &'static str {
    match why {
        InvalidPassword::Empty => "too_short",
        InvalidPassword::TooLong => "too_long",
    }
}

/// Six digits, or a recovery code. Text that cannot be one is rejected and not counted as an attempt.
pub fn code_at_code<C>(text: &SecretString) -> Result<C>
where
    C: std::str::FromStr,
    C::Err: std::fmt::Display,
{
    let parsed = text.expose_secret().parse::<C>();
    parsed.map_err(|why| Problem::invalid(vec![FieldError::new("/code", "malformed_code", why.to_string())]))
}
