//! Grants and revokes permissions.

mod no_escalation;
mod replace;
