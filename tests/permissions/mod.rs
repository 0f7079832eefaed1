//! Granting and revoking.

mod catalogue;
mod no_escalation;
mod replace;
