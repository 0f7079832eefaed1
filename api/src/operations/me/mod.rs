//! The signed-in user.

mod change_password;
mod check_password;
mod read;
mod reauthenticate;

use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(read::get_me)
        .service(change_password::change_my_password)
        .service(check_password::check_my_password)
        .service(reauthenticate::reauthenticate_me);
}
