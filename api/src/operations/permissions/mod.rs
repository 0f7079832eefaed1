//! What a user of an account may do.

mod read;
mod replace;

use serde::Serialize;
use service::Origin;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// What a user holds.
#[derive(Serialize, ToSchema)]
pub struct UserPermissions {
    /// What was granted to the user, by name. More may come.
    #[schema(examples(json!(["account_settings", "user_permissions"])))]
    permissions: Vec<String>,
    /// What counts: this, and what the user's roles carry.
    effective: Vec<EffectivePermission>,
}

/// A permission that counts, and where it is from.
#[derive(Serialize, ToSchema)]
pub struct EffectivePermission {
    /// The permission by name.
    #[schema(examples("account_settings"))]
    permission: String,
    /// `direct` if it was granted to the user, and `role:` with the name for each role that carries it.
    #[schema(examples(json!(["direct", "role:Support"])))]
    from: Vec<String>,
}

impl From<service::UserPermissions> for UserPermissions {
    fn from(held: service::UserPermissions) -> Self {
        let from = |origin: Origin| match origin {
            Origin::Direct => "direct".to_owned(),
            Origin::Role(name) => format!("role:{name}"),
        };
        let effective = held.effective.into_iter().map(|(permission, origins)| EffectivePermission {
            permission: permission.to_string(),
            from: origins.into_iter().map(from).collect(),
        });
        Self { permissions: held.direct.iter().map(ToString::to_string).collect(), effective: effective.collect() }
    }
}

/// The operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(read::get_user_permissions).service(replace::replace_user_permissions);
}
