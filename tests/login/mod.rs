//! Signing in.

mod password_only;
