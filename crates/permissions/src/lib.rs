#![doc = include_str!("../README.md")]

mod change;
mod decision;
mod permission;
mod set;

pub use change::{Change, GrantRefused, change};
pub use decision::{Decision, decide};
pub use permission::{Permission, UnknownPermission};
pub use set::PermissionSet;
