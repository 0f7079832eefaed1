//! Activation codes: how somebody gets the first password without anybody else knowing it.

mod activate;
mod issue;

pub use issue::IssuedActivation;
pub(crate) use issue::issue_activation;
