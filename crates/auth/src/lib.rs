#![doc = include_str!("../README.md")]

mod amr;
pub mod challenge;
pub mod session;
pub mod throttle;

pub use amr::Amr;
