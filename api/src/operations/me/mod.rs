//! The signed-in user.

mod password;
mod reauthentication;
mod recovery_codes;
mod user;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(user::get_me)
        .service(password::change_my_password)
        .service(password::check_my_password)
        .service(reauthentication::reauthenticate_me)
        .service(recovery_codes::replace_my_recovery_codes)
        .service(recovery_codes::acknowledge_my_recovery_codes);
}
