//! Secrets that people type, on their way into the domain.

use password_policy::{InvalidPassword, Password};
use secrecy::{ExposeSecret, SecretString};

use crate::problem::{FieldError, Problem, Result};

/// A password that has to be right. What cannot be a password is refused before it costs a hash.
pub fn password(pointer: &'static str, text: SecretString) -> Result<Password> {
    Password::new(text).map_err(|why| Problem::invalid(vec![FieldError::new(pointer, code(why), why.to_string())]))
}

/// A password that somebody chooses.
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

/// Six digits, or a recovery code. What cannot be one is refused and not counted as a try.
pub fn code_at_code<C>(text: &SecretString) -> Result<C>
where
    C: std::str::FromStr,
    C::Err: std::fmt::Display,
{
    let parsed = text.expose_secret().parse::<C>();
    parsed.map_err(|why| Problem::invalid(vec![FieldError::new("/code", "malformed_code", why.to_string())]))
}
