//! What signed-in people do for themselves.

mod change_password;
mod check_password;
mod read;
mod reauthenticate;

pub use change_password::NewOwnPassword;
pub use reauthenticate::{Reauthenticated, Reauthentication};
