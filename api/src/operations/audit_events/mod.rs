//! The audit events of an account.

mod export;
mod list;
mod query;
mod verify;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list::list_audit_events).service(export::export_audit_events).service(verify::verify_audit_events);
}
