//! What administrators do with the people of an account.

mod act;
mod administrators;
mod create;
mod delete;
mod disable;
mod enable;
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

pub(crate) use act::{Act, Effect};
pub(crate) use administrators::keep_one;
pub use create::{CreatedUser, NewUser};
pub(crate) use create::{Creator, KeptUser, ParsedUser, create_in};
pub(crate) use delete::delete;
pub(crate) use disable::disable;
pub(crate) use enable::enable;
pub(crate) use insert::{NewUserRecord, insert_user};
pub use list::{PasswordState, TwoFactorState, UserCursor, UserQuery, UserSort};
pub use permissions::{Origin, UserPermissions};
pub(crate) use permissions::{parse_permissions, set_permissions};
pub(crate) use require_password_change::require_password_change;
pub(crate) use reset_two_factor::reset_two_factor;
pub(crate) use revoke_sessions::revoke_sessions;
pub use roles::UserRoles;
pub(crate) use roles::set_roles;
pub(crate) use send_activation::send_activation;
pub(crate) use unlock::unlock;
pub use update::{FieldChange, UserChange};
