//! What an account requires of those who sign in.

mod breach;
mod password_policies;
mod two_factor_policy;
