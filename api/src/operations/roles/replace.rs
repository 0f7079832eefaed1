//! `PUT /v1/accounts/{account_id}/roles/{role_id}`

use actix_web::{HttpResponse, put, web::Data};
use kernel::entity;

use super::{draft::RoleDraft, view::Role};
use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IfMatch, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::{IfMatchHeader, RolePath},
    problem::{Code, Result},
};

type Args = Then<Guarded<UserPermissions, Fresh>, (PathId<entity::Role>, IfMatch, Body<RoleDraft>)>;

problems!(Problems = Args, &[Code::Conflict]);

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
    responses((status = 200, description = "The updated role.", body = Role), Problems),
)]
#[put("/v1/accounts/{account_id}/roles/{role_id}")]
pub async fn replace_role(
    app: Data<App>,
    Then(by, (PathId(role_id), if_match, Body(request))): Args,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let role = app.service.replace_role(&by, role_id, &request.into(), seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(role.version)).json(Role::from(role)))
}
