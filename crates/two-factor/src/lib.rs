#![doc = include_str!("../README.md")]

mod asked_since;
mod imported;
mod policy;
mod preview;
mod provisioning;
mod qr;
mod recovery;
mod totp;

pub use asked_since::{AskedSince, Asking};
pub use imported::SecretRefused;
pub use policy::{Mode, UnknownMode};
pub use preview::{Group, group};
pub use provisioning::Provisioning;
pub use qr::{Qr, TooLong};
pub use recovery::{MalformedRecoveryCode, RecoveryCode, RecoveryDigest};
pub use totp::{ALGORITHM, Code, DIGITS, MalformedCode, PERIOD_SECONDS, Secret, Step, WINDOW_STEPS, code_at, verify};
