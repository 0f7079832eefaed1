//! What signed-in people do for themselves.

mod change_password;
mod check_password;
mod read;
mod reauthenticate;
mod recovery_codes;

pub use change_password::NewOwnPassword;
pub use read::{Me, RecoveryCodes};
pub use reauthenticate::{Reauthenticated, Reauthentication};
