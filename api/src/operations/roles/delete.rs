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
/// Whoever has it loses what only this role carried. The last holder of a permission of ours in an account keeps it,
/// unless the platform takes it. Refused for a role that carries, or that somebody has who holds, what you could not
/// grant. Needs `user_permissions` and a recent proof of who you are.
#[utoipa::path(
    tag = "roles",
    security(("accessToken" = [])),
    params(RolePath, IfMatchHeader),
    responses((status = 204, description = "The role is gone."), Problems),
)]
#[delete("/v1/accounts/{account_id}/roles/{role_id}")]
pub async fn delete_role(
    app: Data<App>,
    Then(by, (PathId(role_id), if_match)): Then<Guarded<UserPermissions, Fresh>, (PathId<entity::Role>, IfMatch)>,
) -> Result<HttpResponse> {
    app.service.delete_role(&by.actor, by.account_id, role_id, if_match.version()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
