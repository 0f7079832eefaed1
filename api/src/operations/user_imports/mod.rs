//! Importing users from another system.

mod cancel;
mod list;
mod list_errors;
mod query;
mod read;
mod start;
mod view;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(list::list_user_imports)
        .service(start::import_users)
        .service(read::get_user_import)
        .service(list_errors::list_user_import_errors)
        .service(cancel::cancel_user_import);
}
