//! What an account requires of those who sign in.

pub(crate) mod password_policies;
pub(crate) mod two_factor_policy;
