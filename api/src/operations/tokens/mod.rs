//! Access and refresh tokens.

mod introspect;
mod jwks;
mod logout;
mod refresh;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(refresh::refresh_token)
        .service(introspect::introspect_token)
        .service(logout::logout)
        .service(jwks::get_jwks);
}
