//! What administrators do with the people of an account.

mod administrators;
mod create;
mod disable;
mod enable;
mod insert;
mod list;
mod permissions;
mod read;
mod require_password_change;
mod reset_two_factor;
mod revoke_sessions;
mod send_activation;
mod unlock;

pub use create::{CreatedUser, NewUser};
pub(crate) use insert::{NewUserRecord, insert_user};
pub use permissions::UserPermissions;
pub(crate) use permissions::parse_permissions;
