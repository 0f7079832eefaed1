//! The catalogue of permissions: ours, and those that applications bring along.

mod list;
mod register;
mod unregister;

pub use list::CataloguedPermission;
pub use register::NewPermission;
