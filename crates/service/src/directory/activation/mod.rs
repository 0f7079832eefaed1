//! Activation codes: how somebody gets the first password without anybody else knowing it.

mod issue;

pub(crate) use issue::{Way, issue_activation};
