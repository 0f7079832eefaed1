//! Signing in.

mod challenge;
mod enrollment;
mod finish;
mod password;
mod recovery_codes;
mod start;
mod totp;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(start::start_login)
        .service(challenge::get_login_challenge)
        .service(challenge::abandon_login)
        .service(enrollment::get_totp_enrollment)
        .service(enrollment::confirm_totp_enrollment)
        .service(totp::answer_totp)
        .service(totp::use_recovery_code)
        .service(recovery_codes::acknowledge_recovery_codes_at_login)
        .service(password::change_expired_password)
        .service(password::check_password_at_login)
        .service(finish::finish_login);
}
