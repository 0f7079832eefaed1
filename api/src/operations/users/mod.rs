//! The users of an account, and the actions of administrators on them.

mod create;
mod delete;
mod disable;
mod enable;
mod list;
pub(super) mod query;
mod read;
mod require_password_change;
mod reset_two_factor;
mod revoke_sessions;
mod send_activation;
mod unlock;
mod update;

use crate::operations::registry::Registry;

pub use self::create::CreatedUser;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(list::list_users)
        .service(create::create_user)
        .service(read::get_user)
        .service(update::update_user)
        .service(delete::delete_user)
        .service(reset_two_factor::reset_two_factor)
        .service(require_password_change::require_password_change)
        .service(disable::disable_user)
        .service(enable::enable_user)
        .service(revoke_sessions::revoke_user_sessions)
        .service(send_activation::send_activation)
        .service(unlock::unlock_user);
}
