//! The state of sign-ins: challenges, sessions, devices, codes.

pub mod authenticators;
pub mod challenges;
pub mod known_factors;
pub mod known_sources;
pub mod one_time_replies;
pub mod recovery_codes;
pub mod refresh_tokens;
pub mod sessions;
pub mod sign_in_facts;
