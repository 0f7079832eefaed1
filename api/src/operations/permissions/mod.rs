//! What a user of an account may do.

mod read;
mod replace;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// What a user holds.
#[derive(Serialize, ToSchema)]
pub struct UserPermissions {
    /// The permissions by name. More may come.
    #[schema(value_type = Vec<String>, examples(json!(["account_settings", "user_permissions"])))]
    permissions: Vec<&'static str>,
}

impl From<&service::UserPermissions> for UserPermissions {
    fn from(held: &service::UserPermissions) -> Self {
        Self { permissions: held.permissions.iter().map(permissions::Permission::as_str).collect() }
    }
}

/// The operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(read::get_user_permissions).service(replace::replace_user_permissions);
}
