//! The way in for who has lost the phone.

mod code;
mod digest;

pub use code::{MalformedRecoveryCode, RecoveryCode};
pub use digest::RecoveryDigest;
