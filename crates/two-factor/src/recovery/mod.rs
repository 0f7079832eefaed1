//! Recovery codes, for users who have lost their phone.

mod code;
mod digest;

pub use code::{MalformedRecoveryCode, RecoveryCode};
pub use digest::RecoveryDigest;
