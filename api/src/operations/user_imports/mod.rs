//! Importing users from another system.

mod import;
mod list_errors;
mod start;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(import::list_user_imports)
        .service(start::import_users)
        .service(import::get_user_import)
        .service(list_errors::list_user_import_errors)
        .service(import::cancel_user_import);
}
