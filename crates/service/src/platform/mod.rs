//! What the operator does, and what every start makes sure of.

mod examine;
mod init;
mod prepare;
mod signing_keys;

use two_factor::Mode;

pub use examine::{Examination, examine};
pub use init::InitialActivation;
pub(crate) use prepare::{insert_account, prepare};

/// The short name of the platform's own account.
pub const PLATFORM_SLUG: &str = "platform";

/// Whom the two-factor policy of the platform's own account asks: everybody, always. No administrator of it is excepted.
pub(crate) const PLATFORM_MODE: Mode = Mode::AllUsers;
