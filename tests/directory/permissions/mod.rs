//! Granting and revoking.

mod no_escalation;
mod replace;
