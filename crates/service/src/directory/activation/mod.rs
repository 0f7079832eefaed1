//! Activation codes, with which users set a first password that nobody else knows.

mod issue;

pub(crate) use issue::{Way, issue_activation};
