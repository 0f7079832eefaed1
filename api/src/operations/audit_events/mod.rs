//! The audit events of an account.

mod export;
mod list;
mod query;
mod verify;
mod view;

use crate::operations::registry::Registry;

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config.service(list::list_audit_events).service(export::export_audit_events).service(verify::verify_audit_events);
}
