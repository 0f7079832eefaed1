//! `DELETE /v1/permissions/{permission}`

use actix_web::{
    HttpResponse, delete,
    web::{Data, Path},
};

use crate::{
    app::App,
    extract::{Fresh, Platform, Then},
    openapi::problems,
    operations::views::PermissionPath,
    problem::{Code, Result},
};

type Args = Then<Platform<Fresh>, Path<String>>;

problems!(Problems = Args, &[Code::NotFound]);

/// Delete a permission of an application
///
/// Removes the permission from everybody who holds it and from every role. This takes effect at once in this API, and
/// in access tokens from the next refresh on.
#[utoipa::path(
    tag = "permissions",
    params(PermissionPath),
    responses((status = 204, description = "The permission was deleted."), Problems),
)]
#[delete("/v1/permissions/{permission}")]
pub async fn unregister_permission(app: Data<App>, Then(by, name): Args) -> Result<HttpResponse> {
    app.service.unregister_permission(&by, &name).await?;
    Ok(HttpResponse::NoContent().finish())
}
