//! Accounts of the platform's customers.

mod account;
mod lifecycle;
mod query;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(account::create_account)
        .service(account::list_accounts)
        .service(account::get_account)
        .service(account::update_account)
        .service(lifecycle::delete_account)
        .service(lifecycle::suspend_account)
        .service(lifecycle::resume_account)
        .service(lifecycle::undelete_account);
}
