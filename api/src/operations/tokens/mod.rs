//! Access and refresh tokens.

mod introspect;
mod jwks;
mod logout;
mod refresh;

use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(refresh::refresh_token)
        .service(introspect::introspect_token)
        .service(logout::logout)
        .service(jwks::get_jwks);
}
