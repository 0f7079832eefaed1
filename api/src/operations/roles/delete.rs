//! `DELETE /v1/accounts/{account_id}/roles/{role_id}`

use actix_web::{HttpResponse, delete, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, Guarded, IfMatch, PathId, Then, UserPermissions},
    operations::views::{IfMatchHeader, RolePath},
    problem::{
        Code, Result,
        document::{GUARDED, problems},
    },
};

problems!(
    Problems = GUARDED,
    &[Code::MalformedRequest, Code::Conflict, Code::PreconditionFailed, Code::ReauthenticationRequired]
);

/// Delete a role
///
/// Users who have the role lose the permissions that only this role gave them. You cannot take a built-in permission
/// from its last holder in an account; only a platform administrator can. Rejected if the role contains, or one of its
/// users holds, a permission that you could not grant. Requires `user_permissions` and a recent sign-in.
#[utoipa::path(
    tag = "roles",
    security(("accessToken" = [])),
    params(RolePath, IfMatchHeader),
    responses((status = 204, description = "The role was deleted."), Problems),
)]
#[delete("/v1/accounts/{account_id}/roles/{role_id}")]
pub async fn delete_role(
    app: Data<App>,
    Then(by, (PathId(role_id), if_match)): Then<Guarded<UserPermissions, Fresh>, (PathId<entity::Role>, IfMatch)>,
) -> Result<HttpResponse> {
    app.service.delete_role(&by.actor, by.account_id, role_id, if_match.version()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
