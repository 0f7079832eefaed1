//! The catalogue of permissions: ours, and those that applications bring along.

mod list;
mod register;
mod registered;
mod unregister;

pub use list::CataloguedPermission;
pub use register::NewPermission;
pub(crate) use registered::{must_be_registered, not_registered, unregistered};
