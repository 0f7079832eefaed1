//! Liveness and readiness.

mod live;
mod ready;

use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(live::get_liveness).service(ready::get_readiness);
}
