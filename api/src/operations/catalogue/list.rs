//! `GET /v1/permissions`

use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::CataloguedPermission;
use crate::{app::App, extract::Authenticated, openapi::problems, problem::Result};

/// The catalog of permissions.
#[derive(Serialize, ToSchema)]
pub struct PermissionCatalogue {
    /// Built-in permissions first, then those of applications, by name. The list is short, so it is not paginated.
    items: Vec<CataloguedPermission>,
}

type Args = Authenticated;

problems!(Problems = Args);

/// List the permissions
///
/// Lists built-in permissions, which guard the operations of this API, and permissions that applications have
/// registered, which only those applications interpret and which are included in access tokens. Any authenticated
/// caller can list them.
#[utoipa::path(
    tag = "permissions",
    responses((status = 200, description = "The permissions.", body = PermissionCatalogue), Problems),
)]
#[get("/v1/permissions")]
pub async fn list_permissions(app: Data<App>, _by: Args) -> Result<HttpResponse> {
    let items = app.service.list_permissions().await?.into_iter().map(CataloguedPermission::from).collect();
    Ok(HttpResponse::Ok().json(PermissionCatalogue { items }))
}
