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

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
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
