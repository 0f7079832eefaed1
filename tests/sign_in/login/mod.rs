//! Signing in.

mod asked_again;
mod bad_input;
mod challenge;
mod code_spellings;
mod enrollment;
mod names;
mod negotiation;
mod parallel;
mod password_change;
mod password_only;
mod policy_switched;
mod qr_codes;
mod races;
mod recovery_codes;
mod sleep_and_wake;
mod taken_away;
mod totp;
