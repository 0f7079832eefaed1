//! What several verbs of signing in share.

pub(crate) mod attempts;
mod failure;
mod new_password;
mod open_session;
mod standing;

pub(crate) use failure::{record_failure, waiting};
pub(crate) use new_password::{Owner, failures, rules_and_context};
pub(crate) use open_session::{Opened, open_session};
pub(crate) use standing::Standing;
