//! Time-based one-time passwords (RFC 6238) with the parameters that every authenticator app supports.

mod code;
mod secret;
mod step;
mod verify;

pub use code::{Code, MalformedCode};
pub use secret::Secret;
pub use step::Step;
pub use verify::{code_at, verify};

/// Digits of a code (RFC 4226 §5.3 requires at least six).
pub const DIGITS: u8 = 6;

/// Seconds for which a code is shown (RFC 6238 §5.2: the recommended default).
pub const PERIOD_SECONDS: u32 = 30;

/// Steps before and after the current one whose code is accepted: a phone's clock may be off by 30 to 60 seconds (RFC
/// 6238 §5.2 recommends at most one step).
pub const WINDOW_STEPS: i64 = 1;

/// The hash in the HMAC, as the `otpauth` URI names it. RFC 6238 §1.2 allows more; Google Authenticator does not.
pub const ALGORITHM: &str = "SHA1";
