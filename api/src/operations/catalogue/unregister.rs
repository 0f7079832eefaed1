//! `DELETE /v1/permissions/{permission}`

use actix_web::{
    HttpResponse, delete,
    web::{Data, Path},
};

use crate::{
    app::App,
    extract::{Fresh, Platform, Then},
    operations::views::PermissionPath,
    problem::{
        Code, Result,
        document::{SIGNED_IN, problems},
    },
};

problems!(Problems = SIGNED_IN, &[Code::PermissionRequired, Code::ReauthenticationRequired, Code::NotFound]);

/// Delete a permission of an application
///
/// Removes the permission from everybody who holds it and from every role. This takes effect at once in this API, and
/// in access tokens from the next refresh on. For platform administrators with a recent sign-in.
#[utoipa::path(
    tag = "permissions",
    security(("accessToken" = [])),
    params(PermissionPath),
    responses((status = 204, description = "The permission was deleted."), Problems),
)]
#[delete("/v1/permissions/{permission}")]
pub async fn unregister_permission(
    app: Data<App>,
    Then(by, name): Then<Platform<Fresh>, Path<String>>,
) -> Result<HttpResponse> {
    app.service.unregister_permission(&by.actor, &name).await?;
    Ok(HttpResponse::NoContent().finish())
}
