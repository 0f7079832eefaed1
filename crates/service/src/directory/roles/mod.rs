//! Roles: named sets of permissions of an account.

mod create;
mod delete;
mod draft;
mod reach;
mod read;
mod replace;
mod view;

pub use draft::RoleDraft;
pub use view::RoleView;
