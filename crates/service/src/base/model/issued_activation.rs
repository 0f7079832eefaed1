//! An issued activation code.

use kernel::{PlainToken, Time};

/// An issued activation code, for whoever hands it out.
#[derive(Debug)]
pub struct IssuedActivation {
    /// The code, shown once.
    pub code: PlainToken,
    /// When it expires.
    pub expires_at: Time,
}
