//! What administrators do with the people of an account.

mod administrators;
mod create;
mod delete;
mod disable;
mod enable;
mod imported_password;
mod insert;
mod list;
mod permissions;
mod read;
mod require_password_change;
mod reset_two_factor;
mod revoke_sessions;
mod roles;
mod send_activation;
mod unlock;
mod update;

pub(crate) use administrators::keep_one;
pub use create::{CreatedUser, NewUser};
pub(crate) use create::{Creator, KeptUser, ParsedUser, create_in};
pub(crate) use imported_password::refuse_known_password_in_role;
pub(crate) use insert::{NewUserRecord, insert_user};
pub use list::{PasswordState, TwoFactorState, UserCursor, UserQuery, UserSort};
pub(crate) use permissions::parse_permissions;
pub use permissions::{Origin, UserPermissions};
pub use roles::UserRoles;
pub use update::{FieldChange, UserChange};
