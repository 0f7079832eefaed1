//! What several verbs of signing in share.

pub(crate) mod attempts;
mod new_password;
mod open_session;
mod standing;

pub(crate) use new_password::{GoodPassword, Owner, Written, failures, rules_and_context};
pub(crate) use open_session::{Opened, open_session};
pub(crate) use standing::Standing;
