#![doc = include_str!("../README.md")]

mod application;
mod change;
mod decision;
mod guard;
mod permission;
mod set;

pub use application::{ApplicationPermission, InvalidName};
pub use change::{Change, GrantRefused, backed, change, lacking, may_grant};
pub use decision::{Decision, decide};
pub use guard::{
    AccountSettings, ApiKeys, AuditRead, OneOf, PasswordManagement, PlatformAdministration, Requires, RequiresOne,
    UserPermissions,
};
pub use permission::{Permission, UnknownPermission};
pub use set::PermissionSet;
