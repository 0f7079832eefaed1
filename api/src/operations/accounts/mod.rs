//! Accounts of the platform's customers.

mod create;
mod list;
mod read;

use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(create::create_account).service(list::list_accounts).service(read::get_account);
}
