//! What messages are about, as the database names it.

/// An activation code, once.
pub(crate) const ACTIVATION: &str = "activation";

/// That a password expires soon.
pub(crate) const PASSWORD_EXPIRES: &str = "password_expires";
