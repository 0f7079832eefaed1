//! The users of an account, and the actions of administrators on them.

mod actions;
pub(super) mod query;
mod user;

use crate::operations::registry::Registry;

pub use self::user::CreatedUser;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(user::list_users)
        .service(user::create_user)
        .service(user::get_user)
        .service(user::update_user)
        .service(user::delete_user)
        .service(actions::reset_two_factor)
        .service(actions::require_password_change)
        .service(actions::disable_user)
        .service(actions::enable_user)
        .service(actions::revoke_user_sessions)
        .service(actions::send_activation)
        .service(actions::unlock_user);
}
