//! An activation code on its way to whoever hands it out.

use kernel::{PlainToken, Time};

/// An activation code that was handed out.
#[derive(Debug)]
pub struct IssuedActivation {
    /// The code, shown once.
    pub code: PlainToken,
    /// When it stops to work.
    pub expires_at: Time,
}
