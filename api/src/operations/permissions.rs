//! What a user of an account may do.

use crate::operations::registry::Registry;
use actix_web::{HttpResponse, get, put, web::Data};
use kernel::entity;
use serde::{Deserialize, Serialize};
use service::Origin;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{self, Body, ETag, Fresh, Guarded, IfMatch, PathId, Then},
    openapi::problems,
    operations::views::{IfMatchHeader, UserPath},
    problem::{Code, Result},
};

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config.service(get_user_permissions).service(replace_user_permissions);
}

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

type GetArgs = Then<Guarded<extract::UserPermissions>, PathId<entity::User>>;

problems!(GetProblems = GetArgs);

/// Get a user's permissions
///
/// Returns the permissions that are granted directly, and all permissions that the user holds, including those of the
/// user's roles, each with its origin.
#[utoipa::path(
    tag = "permissions",
    params(UserPath),
    responses((status = 200, description = "The user's permissions.", body = UserPermissions, headers(("ETag"))), GetProblems),
)]
#[get("/v1/accounts/{account_id}/users/{user_id}/permissions")]
pub async fn get_user_permissions(app: Data<App>, Then(by, PathId(user_id)): GetArgs) -> Result<HttpResponse> {
    let held = app.service.read_user_permissions(&by, user_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(held.version)).json(UserPermissions::from(held)))
}

/// The new permissions of the user.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReplaceUserPermissions {
    /// The names of all permissions to grant directly to the user. Permissions that are missing from the list are
    /// revoked.
    #[schema(max_items = 100, examples(json!(["account_settings"])))]
    #[validate(length(max = 100))]
    permissions: Vec<String>,
}

type ReplaceArgs =
    Then<Guarded<extract::UserPermissions, Fresh>, (PathId<entity::User>, IfMatch, Body<ReplaceUserPermissions>)>;

problems!(ReplaceProblems = ReplaceArgs, &[Code::Conflict]);

/// Replace a user's permissions
///
/// Replaces the permissions that are granted directly; those of the user's roles stay. The change applies here
/// immediately, and in access tokens from the next refresh on. You can grant only built-in permissions that you hold
/// yourself, and permissions that applications have registered. You cannot take a built-in permission from its last
/// holder in an account; only a platform administrator can. Rejected if the user holds a permission that you could not
/// grant. Also rejected (409) if somebody who imported the user, and may know the password or the second factor, could
/// not grant what you add: send an activation code or reset the second factor first.
#[utoipa::path(
    tag = "permissions",
    params(UserPath, IfMatchHeader),
    request_body(content = ReplaceUserPermissions, example = json!({ "permissions": ["account_settings"] })),
    responses((status = 200, description = "The user's new permissions.", body = UserPermissions, headers(("ETag"))), ReplaceProblems),
)]
#[put("/v1/accounts/{account_id}/users/{user_id}/permissions")]
pub async fn replace_user_permissions(
    app: Data<App>,
    Then(by, (PathId(user_id), if_match, Body(request))): ReplaceArgs,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let held = app.service.replace_user_permissions(&by, user_id, &request.permissions, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(held.version)).json(UserPermissions::from(held)))
}
