//! The signed-in user.

mod change_password;
mod check_password;
mod read;
mod reauthenticate;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(read::get_me)
        .service(change_password::change_my_password)
        .service(check_password::check_my_password)
        .service(reauthenticate::reauthenticate_me);
}
