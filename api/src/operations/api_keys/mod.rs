//! API keys: the credentials of programs.

mod api_key;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(api_key::list_api_keys)
        .service(api_key::create_api_key)
        .service(api_key::get_api_key)
        .service(api_key::replace_api_key)
        .service(api_key::revoke_api_key)
        .service(api_key::rotate_api_key);
}
