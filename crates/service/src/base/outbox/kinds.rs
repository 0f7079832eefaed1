//! The kinds of mails, as the database names them.

/// A mail with an activation code.
pub(crate) const ACTIVATION: &str = "activation";

/// A reminder that a password expires soon.
pub(crate) const PASSWORD_EXPIRES: &str = "password_expires";
