#![doc = include_str!("../README.md")]

mod breaches;
mod endpoint;
mod file;
mod hash;
mod range;

pub use breaches::{Breaches, Known, OpenError, Settings};
pub use endpoint::EndpointRefused;
pub use file::FileRefused;
