//! `GET /v1/accounts/{account_id}/roles/{role_id}`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use super::view::Role;
use crate::{
    app::App,
    extract::{ETag, Guarded, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::RolePath,
    problem::Result,
};

type Args = Then<Guarded<UserPermissions>, PathId<entity::Role>>;

problems!(Problems = Args);

/// Get a role
#[utoipa::path(
    tag = "roles",
    params(RolePath),
    responses((status = 200, description = "The role.", body = Role), Problems),
)]
#[get("/v1/accounts/{account_id}/roles/{role_id}")]
pub async fn get_role(app: Data<App>, Then(by, PathId(role_id)): Args) -> Result<HttpResponse> {
    let role = app.service.read_role(&by, role_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(role.version)).json(Role::from(role)))
}
