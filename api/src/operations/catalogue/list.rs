//! `GET /v1/permissions`

use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::CataloguedPermission;
use crate::{
    app::App,
    extract::Authenticated,
    problem::{
        Result,
        document::{SIGNED_IN, problems},
    },
};

/// The catalogue.
#[derive(Serialize, ToSchema)]
pub struct PermissionCatalogue {
    /// Ours first, then those of applications, by name. There are never so many that they need pages.
    items: Vec<CataloguedPermission>,
}

problems!(Problems = SIGNED_IN);

/// List the permissions that there are
///
/// Ours, which guard the operations here, and those that applications have registered, which mean something to them and
/// travel in access tokens. Any session will do.
#[utoipa::path(
    tag = "permissions",
    security(("accessToken" = [])),
    responses((status = 200, description = "The catalogue.", body = PermissionCatalogue), Problems),
)]
#[get("/v1/permissions")]
pub async fn list_permissions(app: Data<App>, _by: Authenticated) -> Result<HttpResponse> {
    let items = app.service.list_permissions().await?.into_iter().map(CataloguedPermission::from).collect();
    Ok(HttpResponse::Ok().json(PermissionCatalogue { items }))
}
