#![doc = include_str!("../README.md")]

mod failed;
mod letter;
mod postman;
mod server_url;
mod settings;

pub use failed::{SendFailed, Unreachable};
pub use letter::{Letter, is_deliverable};
pub use postman::{Line, Postman};
pub use settings::{Refused, Settings};
