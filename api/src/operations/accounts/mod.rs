//! Accounts of the platform's customers.

mod create;
mod delete;
mod list;
mod query;
mod read;
mod resume;
mod suspend;
mod undelete;
mod update;

use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create::create_account)
        .service(list::list_accounts)
        .service(read::get_account)
        .service(update::update_account)
        .service(delete::delete_account)
        .service(suspend::suspend_account)
        .service(resume::resume_account)
        .service(undelete::undelete_account);
}
