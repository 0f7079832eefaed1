//! Roles of an account: `/v1/accounts/{account_id}/roles`

use actix_web::{HttpRequest, HttpResponse, delete, get, http::header::LOCATION, post, put, web::Data};
use kernel::entity;
use serde::Serialize;
use service::{RoleDraft, RoleView};
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IdempotencyKey, IfMatch, Paging, PathId, Query, Then, UserPermissions},
    openapi::problems,
    operations::views::{AccountPath, IdempotencyKeyHeader, IfMatchHeader, RolePath, paged},
    problem::{Code, Result},
};

/// A page of roles.
#[derive(Serialize, ToSchema)]
pub struct RolePage {
    /// The roles, oldest first.
    items: Vec<RoleView>,
    /// Send it as `cursor` to get the next page; null on the last page.
    #[schema(required = true, examples("MDE5OTdmNjItNWI3ZS03ZjQzLTlkMWEtM2YwYzJiOGE2ZTEx"))]
    next_cursor: Option<String>,
}

type ListArgs = Then<Guarded<UserPermissions>, Query<Paging>>;

problems!(ListProblems = ListArgs);

/// List the roles of an account
///
/// Oldest first. To see who has a role, list the users with `role`.
#[utoipa::path(
    tag = "roles",
    params(AccountPath, Paging),
    responses((status = 200, description = "A page of roles.", body = RolePage), ListProblems),
)]
#[get("/v1/accounts/{account_id}/roles")]
pub async fn list_roles(app: Data<App>, http: HttpRequest, Then(by, Query(paging)): ListArgs) -> Result<HttpResponse> {
    let page = app.service.list_roles(&by, paging.after()?, paging.limit()).await?;
    Ok(paged(&http, page, |items, next_cursor| RolePage { items, next_cursor }))
}

type CreateArgs = Then<Guarded<UserPermissions, Fresh>, (IdempotencyKey, Body<RoleDraft>)>;

problems!(CreateProblems = CreateArgs, &[Code::Conflict]);

/// Create a role
///
/// The new role is assigned to nobody. You can give it only built-in permissions that you hold yourself, and
/// permissions that applications have registered. An account can have at most 1,000 roles, and a user at most 100.
#[utoipa::path(
    tag = "roles",
    params(AccountPath, IdempotencyKeyHeader),
    request_body(content = RoleDraft, example = json!({
        "name": "Support",
        "description": "Helps users who have lost their phone.",
        "permissions": ["user_permissions"],
    })),
    responses(
        (status = 201, description = "The role was created.", body = RoleView,
            headers(("Location" = String, description = "The path of the role."))),
        CreateProblems,
    ),
)]
#[post("/v1/accounts/{account_id}/roles")]
pub async fn create_role(
    app: Data<App>,
    http: HttpRequest,
    Then(by, (key, Body(request))): CreateArgs,
) -> Result<HttpResponse> {
    let role = app.service.create_role(&by, &request, key.bound_to(&http)).await?;
    let location = format!("/v1/accounts/{}/roles/{}", by.account_id(), role.value.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).insert_header(ETag(role.version)).json(role.value))
}

type GetArgs = Then<Guarded<UserPermissions>, PathId<entity::Role>>;

problems!(GetProblems = GetArgs);

/// Get a role
#[utoipa::path(
    tag = "roles",
    params(RolePath),
    responses((status = 200, description = "The role.", body = RoleView), GetProblems),
)]
#[get("/v1/accounts/{account_id}/roles/{role_id}")]
pub async fn get_role(app: Data<App>, Then(by, PathId(role_id)): GetArgs) -> Result<HttpResponse> {
    let role = app.service.read_role(&by, role_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(role.version)).json(role.value))
}

type ReplaceArgs = Then<Guarded<UserPermissions, Fresh>, (PathId<entity::Role>, IfMatch, Body<RoleDraft>)>;

problems!(ReplaceProblems = ReplaceArgs, &[Code::Conflict]);

/// Replace a role
///
/// Affects all users who have the role: here immediately, and in access tokens from the next refresh on. You can add
/// only built-in permissions that you hold yourself, and permissions that applications have registered. You cannot take
/// a built-in permission from its last holder in an account; only a platform administrator can. Rejected if the role
/// contains a permission that you could not grant. Also rejected if one of its users holds such a permission, unless
/// only the name and description change.
#[utoipa::path(
    tag = "roles",
    params(RolePath, IfMatchHeader),
    request_body(content = RoleDraft, example = json!({
        "name": "Support",
        "description": "Helps users who have lost their phone.",
        "permissions": ["user_permissions"],
    })),
    responses((status = 200, description = "The updated role.", body = RoleView), ReplaceProblems),
)]
#[put("/v1/accounts/{account_id}/roles/{role_id}")]
pub async fn replace_role(
    app: Data<App>,
    Then(by, (PathId(role_id), if_match, Body(request))): ReplaceArgs,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let role = app.service.replace_role(&by, role_id, &request, seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(role.version)).json(role.value))
}

type DeleteArgs = Then<Guarded<UserPermissions, Fresh>, (PathId<entity::Role>, IfMatch)>;

problems!(DeleteProblems = DeleteArgs, &[Code::Conflict]);

/// Delete a role
///
/// Users who have the role lose the permissions that only this role gave them. You cannot take a built-in permission
/// from its last holder in an account; only a platform administrator can. Rejected if the role contains, or one of its
/// users holds, a permission that you could not grant.
#[utoipa::path(
    tag = "roles",
    params(RolePath, IfMatchHeader),
    responses((status = 204, description = "The role was deleted."), DeleteProblems),
)]
#[delete("/v1/accounts/{account_id}/roles/{role_id}")]
pub async fn delete_role(app: Data<App>, Then(by, (PathId(role_id), if_match)): DeleteArgs) -> Result<HttpResponse> {
    app.service.delete_role(&by, role_id, if_match.version()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
