//! Challenges: one login attempt between the right password and the session.

mod demand;
mod machine;

pub use demand::{Demands, Device, SecondFactorDemand};
pub use machine::{Answer, Challenge, Ended, Event, MAX_WRONG_CODES, Next, Outcome, Proof, Refused};

#[cfg(test)]
mod machine_tests;
