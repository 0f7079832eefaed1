//! Signing in.

mod abandon;
mod answer_totp;
mod change_password;
mod check_password;
mod confirm_enrollment;
mod enrollment;
mod finish;
mod start;
mod state;
mod use_recovery_code;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(start::start_login)
        .service(state::get_login_challenge)
        .service(abandon::abandon_login)
        .service(enrollment::get_totp_enrollment)
        .service(confirm_enrollment::confirm_totp_enrollment)
        .service(answer_totp::answer_totp)
        .service(use_recovery_code::use_recovery_code)
        .service(change_password::change_expired_password)
        .service(check_password::check_password_at_login)
        .service(finish::finish_login);
}
