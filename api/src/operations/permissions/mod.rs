//! What a user of an account may do.

mod read;
mod replace;

use crate::operations::registry::Registry;
use serde::Serialize;
use service::Origin;
use utoipa::ToSchema;

/// A user's permissions.
#[derive(Serialize, ToSchema)]
pub struct UserPermissions {
    /// The names of the permissions that are granted directly to the user. More permissions may be added.
    #[schema(examples(json!(["account_settings", "user_permissions"])))]
    permissions: Vec<String>,
    /// All permissions that the user holds, directly or through a role.
    effective: Vec<EffectivePermission>,
}

/// A permission that the user holds, and where it comes from.
#[derive(Serialize, ToSchema)]
pub struct EffectivePermission {
    /// The name of the permission.
    #[schema(examples("account_settings"))]
    permission: String,
    /// `direct` if it is granted directly to the user, and `role:` with the name of each role that contains it.
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
pub fn routes(config: &mut impl Registry) {
    config.service(read::get_user_permissions).service(replace::replace_user_permissions);
}
