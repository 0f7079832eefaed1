//! `DELETE /v1/accounts/{account_id}/roles/{role_id}`

use actix_web::{HttpResponse, delete, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, Guarded, IfMatch, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::{IfMatchHeader, RolePath},
    problem::{Code, Result},
};

type Args = Then<Guarded<UserPermissions, Fresh>, (PathId<entity::Role>, IfMatch)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Delete a role
///
/// Users who have the role lose the permissions that only this role gave them. You cannot take a built-in permission
/// from its last holder in an account; only a platform administrator can. Rejected if the role contains, or one of its
/// users holds, a permission that you could not grant.
#[utoipa::path(
    tag = "roles",
    params(RolePath, IfMatchHeader),
    responses((status = 204, description = "The role was deleted."), Problems),
)]
#[delete("/v1/accounts/{account_id}/roles/{role_id}")]
pub async fn delete_role(app: Data<App>, Then(by, (PathId(role_id), if_match)): Args) -> Result<HttpResponse> {
    app.service.delete_role(&by, role_id, if_match.version()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
