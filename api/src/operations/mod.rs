//! One folder a resource, one file an operation: request, reply, documentation, handler.

mod docs;
mod health;
mod problems;
mod unknown;

use utoipa_actix_web::service_config::ServiceConfig;

pub use self::{
    docs::Served,
    unknown::{PathTable, unknown},
};

/// All operations.
pub fn routes(config: &mut ServiceConfig) {
    health::routes(config);
    config.map(|config| config.configure(problems::routes).configure(docs::routes));
}
