//! What several verbs of signing in share.

pub(crate) mod attempts;
mod breaches;
mod failure;
mod measure;
mod new_password;
mod open_session;
mod standing;

pub(crate) use breaches::breaches_unknown;
pub(crate) use failure::{record_failure, waiting};
pub(crate) use measure::Measure;
pub(crate) use new_password::{GoodPassword, Owner, ProvenBy, Written, failures, rules_and_context};
pub(crate) use open_session::{Opened, open_session};
pub(crate) use standing::Standing;
