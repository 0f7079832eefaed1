//! `PUT /v1/accounts/{account_id}/roles/{role_id}`

use actix_web::{HttpResponse, put, web::Data};
use kernel::entity;

use super::{draft::RoleDraft, view::Role};
use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IfMatch, PathId, Then, UserPermissions},
    operations::views::{IfMatchHeader, RolePath},
    problem::{
        Code, Result,
        document::{BODY, GUARDED, problems},
    },
};

problems!(Problems = GUARDED, BODY, &[Code::Conflict, Code::PreconditionFailed, Code::ReauthenticationRequired]);

type Guard = Guarded<UserPermissions, Fresh>;
type Rest = (PathId<entity::Role>, IfMatch, Body<RoleDraft>);

/// Replace a role
///
/// Counts for everybody who has it: at once here, and in access tokens from the next refresh on. You can add only what
/// you hold yourself, and what applications have registered; the last holder of a permission of ours in an account
/// keeps it, unless the platform takes it. Refused for a role that carries what you could not grant; and, but for its
/// name and description, for one that somebody has who holds that. Needs `user_permissions` and a recent proof of who
/// you are.
#[utoipa::path(
    tag = "roles",
    security(("accessToken" = [])),
    params(RolePath, IfMatchHeader),
    request_body(content = RoleDraft, example = json!({
        "name": "Support",
        "description": "Helps users who have lost their phone.",
        "permissions": ["user_permissions"],
    })),
    responses((status = 200, description = "The role as it is now.", body = Role), Problems),
)]
#[put("/v1/accounts/{account_id}/roles/{role_id}")]
pub async fn replace_role(
    app: Data<App>,
    Then(by, (PathId(role_id), if_match, Body(request))): Then<Guard, Rest>,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let role = app.service.replace_role(&by.actor, by.account_id, role_id, &request.into(), seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(role.version)).json(Role::from(role)))
}
