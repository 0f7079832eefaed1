//! Access and refresh tokens.

mod introspect;
mod jwks;
mod session;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(session::refresh_token)
        .service(introspect::introspect_token)
        .service(session::logout)
        .service(jwks::get_jwks);
}
