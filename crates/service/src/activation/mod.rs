//! Activation codes: how somebody gets the first password without anybody else knowing it.

mod activate;
mod issue;
mod working;

pub use issue::IssuedActivation;
pub(crate) use issue::{Way, issue_activation};
pub(crate) use working::{beyond_address, working};
