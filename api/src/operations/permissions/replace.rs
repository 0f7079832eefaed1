//! `PUT /v1/accounts/{account_id}/users/{user_id}/permissions`

use actix_web::{HttpResponse, put, web::Data};
use kernel::entity;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::UserPermissions;
use crate::{
    app::App,
    extract::{self, Body, ETag, Fresh, Guarded, IfMatch, PathId, Then},
    openapi::problems,
    operations::views::{IfMatchHeader, UserPath},
    problem::{Code, Result},
};

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

type Args =
    Then<Guarded<extract::UserPermissions, Fresh>, (PathId<entity::User>, IfMatch, Body<ReplaceUserPermissions>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Replace a user's permissions
///
/// Replaces the permissions that are granted directly; those of the user's roles stay. The change applies here
/// immediately, and in access tokens from the next refresh on. You can grant only built-in permissions that you hold
/// yourself, and permissions that applications have registered. You cannot take a built-in permission from its last
/// holder in an account; only a platform administrator can. Rejected if the user holds a permission that you could not
/// grant.
#[utoipa::path(
    tag = "permissions",
    params(UserPath, IfMatchHeader),
    request_body(content = ReplaceUserPermissions, example = json!({ "permissions": ["account_settings"] })),
    responses((status = 200, description = "The user's new permissions.", body = UserPermissions, headers(("ETag"))), Problems),
)]
#[put("/v1/accounts/{account_id}/users/{user_id}/permissions")]
pub async fn replace_user_permissions(
    app: Data<App>,
    Then(by, (PathId(user_id), if_match, Body(request))): Args,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let held = app.service.replace_user_permissions(&by, user_id, &request.permissions, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(held.version)).json(UserPermissions::from(held)))
}
