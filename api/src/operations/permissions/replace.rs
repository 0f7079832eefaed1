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
    operations::views::{IfMatchHeader, UserPath},
    problem::{
        Code, Result,
        document::{BODY, GUARDED, problems},
    },
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

problems!(Problems = GUARDED, BODY, &[Code::Conflict, Code::PreconditionFailed, Code::ReauthenticationRequired]);

type Guard = Guarded<extract::UserPermissions, Fresh>;
type Rest = (PathId<entity::User>, IfMatch, Body<ReplaceUserPermissions>);

/// Replace a user's permissions
///
/// Replaces the permissions that are granted directly; those of the user's roles stay. The change applies here
/// immediately, and in access tokens from the next refresh on. You can grant only built-in permissions that you hold
/// yourself, and permissions that applications have registered. You cannot take a built-in permission from its last
/// holder in an account; only a platform administrator can. Rejected if the user holds a permission that you could not
/// grant. Requires `user_permissions` and a recent sign-in.
#[utoipa::path(
    tag = "permissions",
    security(("accessToken" = [])),
    params(UserPath, IfMatchHeader),
    request_body(content = ReplaceUserPermissions, example = json!({ "permissions": ["account_settings"] })),
    responses((status = 200, description = "The user's new permissions.", body = UserPermissions, headers(("ETag"))), Problems),
)]
#[put("/v1/accounts/{account_id}/users/{user_id}/permissions")]
pub async fn replace_user_permissions(
    app: Data<App>,
    Then(by, (PathId(user_id), if_match, Body(request))): Then<Guard, Rest>,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let held =
        app.service.replace_user_permissions(&by.actor, by.account_id, user_id, &request.permissions, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(held.version)).json(UserPermissions::from(held)))
}
