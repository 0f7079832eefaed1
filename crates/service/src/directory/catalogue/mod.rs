//! The catalog of permissions: built-in ones, and those that applications register.

mod act;
mod list;
mod register;
mod unregister;

pub use list::CataloguedPermission;
pub use register::NewPermission;
