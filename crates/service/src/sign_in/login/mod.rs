//! Signing in: the password, then the steps of the challenge.

mod abandon;
mod acknowledge_recovery_codes;
mod answer_recovery_code;
mod answer_totp;
mod asked_again;
mod begin;
mod change_password;
mod check_password;
mod confirm_enrollment;
mod enrollment;
mod finish;
mod login_step;
mod login_target;
mod open_challenge;
mod start;
mod state;
mod take_step;
mod verify_totp;

pub use confirm_enrollment::EnrollmentConfirmed;
pub use start::Credentials;
pub(crate) use verify_totp::{TotpOutcome, verify_totp};
