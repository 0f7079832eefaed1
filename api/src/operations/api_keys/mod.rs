//! API keys: the credentials of programs.

mod create;
mod draft;
mod list;
mod read;
mod replace;
mod revoke;
mod rotate;
mod view;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(list::list_api_keys)
        .service(create::create_api_key)
        .service(read::get_api_key)
        .service(replace::replace_api_key)
        .service(revoke::revoke_api_key)
        .service(rotate::rotate_api_key);
}
