//! Permissions of an account under a name.

mod create;
mod delete;
mod draft;
mod ids;
mod list;
mod reach;
mod read;
mod replace;
mod view;

pub use draft::RoleDraft;
pub(crate) use ids::roles_of_account;
pub use view::RoleView;
