//! `GET /v1/accounts/{account_id}/roles/{role_id}`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use super::view::Role;
use crate::{
    app::App,
    extract::{ETag, Guarded, PathId, Then, UserPermissions},
    operations::views::RolePath,
    problem::{
        Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED);

/// Get a role
///
/// Requires `user_permissions`.
#[utoipa::path(
    tag = "roles",
    security(("accessToken" = [])),
    params(RolePath),
    responses((status = 200, description = "The role.", body = Role), Problems),
)]
#[get("/v1/accounts/{account_id}/roles/{role_id}")]
pub async fn get_role(
    app: Data<App>,
    Then(by, PathId(role_id)): Then<Guarded<UserPermissions>, PathId<entity::Role>>,
) -> Result<HttpResponse> {
    let role = app.service.read_role(by.account_id, role_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(role.version)).json(Role::from(role)))
}
