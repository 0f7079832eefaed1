//! Signing in: the password, then the steps of the challenge.

mod abandon;
mod answer_recovery_code;
mod answer_totp;
mod begin;
mod change_password;
mod check_password;
mod confirm_enrollment;
mod enrollment;
mod failed;
mod finish;
mod located;
mod start;
mod state;
mod step;

pub(crate) use answer_totp::{Guess, is_right};
pub use confirm_enrollment::EnrollmentConfirmed;
pub use start::Credentials;
