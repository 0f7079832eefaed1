//! The audit events of an account.

mod events;
mod query;
mod verify;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config.service(events::list_audit_events).service(events::export_audit_events).service(verify::verify_audit_events);
}
