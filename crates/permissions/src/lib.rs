#![doc = include_str!("../README.md")]

mod application;
mod change;
mod decision;
mod permission;
mod set;

pub use application::{ApplicationPermission, InvalidName};
pub use change::{Change, GrantRefused, backed, change, lacking, may_grant};
pub use decision::{Decision, decide};
pub use permission::{Permission, UnknownPermission};
pub use set::PermissionSet;
