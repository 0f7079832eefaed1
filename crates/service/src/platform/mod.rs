//! What the operator does, and what every start makes sure of.

mod init;
mod prepare;
mod signing_keys;

pub use init::InitialActivation;
pub(crate) use prepare::{insert_account, prepare};

/// The short name of the platform's own account.
pub const PLATFORM_SLUG: &str = "platform";
