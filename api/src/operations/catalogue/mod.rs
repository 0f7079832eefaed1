//! The catalog of permissions that can be granted.

mod list;
mod register;
mod unregister;

use crate::operations::registry::Registry;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A permission that can be granted.
#[derive(Serialize, ToSchema)]
pub struct CataloguedPermission {
    /// Its name.
    #[schema(examples("crm.invoices.approve"))]
    name: String,
    /// What it allows, in words.
    #[schema(examples("Approves invoices."))]
    description: String,
    /// Prefix of the application that registered it; null if it is built in.
    #[schema(required = true, examples("crm"))]
    application: Option<String>,
    /// When it was registered; null if it is built in.
    #[schema(required = true, examples("2026-01-31T12:00:00Z"))]
    registered_at: Option<DateTime<Utc>>,
}

impl From<service::CataloguedPermission> for CataloguedPermission {
    fn from(listed: service::CataloguedPermission) -> Self {
        let name = listed.permission.to_string();
        let application = listed.registered_at.and(name.split('.').next()).map(str::to_owned);
        Self { application, name, description: listed.description, registered_at: listed.registered_at }
    }
}

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config
        .service(list::list_permissions)
        .service(register::register_permission)
        .service(unregister::unregister_permission);
}
