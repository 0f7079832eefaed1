//! One folder or file per resource: requests, replies, documentation, handlers.

mod accounts;
mod activation;
mod api_keys;
mod audit_events;
mod bulk_jobs;
mod catalogue;
mod docs;
mod given;
mod health;
mod login;
mod me;
mod password_policies;
mod patch;
mod permissions;
mod problems;
mod registry;
mod reports;
mod roles;
mod text;
mod tokens;
mod two_factor_policy;
mod unknown;
mod user_imports;
mod users;
mod views;

use actix_web::web::ServiceConfig;

pub use self::{docs::Served, unknown::unknown};
use crate::operations::registry::Registry;

/// All paths: the operations, and the pages about them.
pub fn routes(config: &mut ServiceConfig) {
    operations(config);
    problems::routes(config);
    docs::routes(config);
}

/// All operations, which are what the OpenAPI document has.
pub fn operations(config: &mut impl Registry) {
    login::routes(config);
    activation::routes(config);
    tokens::routes(config);
    me::routes(config);
    accounts::routes(config);
    users::routes(config);
    user_imports::routes(config);
    bulk_jobs::routes(config);
    permissions::routes(config);
    roles::routes(config);
    catalogue::routes(config);
    api_keys::routes(config);
    two_factor_policy::routes(config);
    password_policies::routes(config);
    audit_events::routes(config);
    reports::routes(config);
    health::routes(config);
}
