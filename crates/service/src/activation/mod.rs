//! Activation codes: how somebody gets the first password without anybody else knowing it.

mod activate;
mod issue;

pub(crate) use activate::working;
pub use issue::IssuedActivation;
pub(crate) use issue::{Way, issue_activation};
