//! Roles of a user: `/v1/accounts/{account_id}/users/{user_id}/roles`

use actix_web::{HttpResponse, get, put, web::Data};
use kernel::entity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IfMatch, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::{IfMatchHeader, UserPath},
    problem::{Code, Result},
};

/// The roles of a user.
#[derive(Serialize, ToSchema)]
pub struct UserRoles {
    /// The ids of the roles.
    #[schema(examples(json!(["01997f62-5b7e-7f43-9d1a-3f0c2b8a6e11"])))]
    role_ids: Vec<Uuid>,
}

impl From<&service::UserRoles> for UserRoles {
    fn from(roles: &service::UserRoles) -> Self {
        Self { role_ids: roles.role_ids.iter().map(|id| id.as_uuid()).collect() }
    }
}

/// The new roles of the user.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReplaceUserRoles {
    /// The ids of all roles to assign to the user. Roles that are missing from the list are removed.
    #[schema(max_items = 100, examples(json!(["01997f62-5b7e-7f43-9d1a-3f0c2b8a6e11"])))]
    #[validate(length(max = 100))]
    role_ids: Vec<String>,
}

type GetArgs = Then<Guarded<UserPermissions>, PathId<entity::User>>;

problems!(GetProblems = GetArgs);

/// Get a user's roles
#[utoipa::path(
    tag = "roles",
    params(UserPath),
    responses((status = 200, description = "The user's roles.", body = UserRoles), GetProblems),
)]
#[get("/v1/accounts/{account_id}/users/{user_id}/roles")]
pub async fn get_user_roles(app: Data<App>, Then(by, PathId(user_id)): GetArgs) -> Result<HttpResponse> {
    let roles = app.service.read_user_roles(&by, user_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(roles.version)).json(UserRoles::from(&roles)))
}

type ReplaceArgs = Then<Guarded<UserPermissions, Fresh>, (PathId<entity::User>, IfMatch, Body<ReplaceUserRoles>)>;

problems!(ReplaceProblems = ReplaceArgs, &[Code::Conflict]);

/// Replace a user's roles
///
/// The change applies here immediately, and in access tokens from the next refresh on. You can assign only roles whose
/// built-in permissions you hold yourself; permissions that applications have registered do not matter. You cannot take
/// a built-in permission from its last holder in an account; only a platform administrator can. Rejected if the user
/// holds a permission that you could not grant. Also rejected (409) if somebody who imported the user, and may know the
/// password or the second factor, could not grant what the roles add: send an activation code or reset the second
/// factor first.
#[utoipa::path(
    tag = "roles",
    params(UserPath, IfMatchHeader),
    request_body(content = ReplaceUserRoles, example = json!({ "role_ids": [] })),
    responses((status = 200, description = "The user's new roles.", body = UserRoles), ReplaceProblems),
)]
#[put("/v1/accounts/{account_id}/users/{user_id}/roles")]
pub async fn replace_user_roles(
    app: Data<App>,
    Then(by, (PathId(user_id), if_match, Body(request))): ReplaceArgs,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let roles = app.service.replace_user_roles(&by, user_id, request.role_ids, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(roles.version)).json(UserRoles::from(&roles)))
}
