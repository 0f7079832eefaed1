//! `GET /v1/accounts/{account_id}/user-imports/{import_id}`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use super::view::{ImportPath, UserImport};
use crate::{
    app::App,
    extract::{Guarded, PathId, Then, UserPermissions},
    problem::{
        Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED);

/// Get a user import
///
/// Returns the progress of the import. Poll until `finished_at` is set. You can read an import for 30 days after it
/// ends. Requires `user_permissions`.
#[utoipa::path(
    tag = "user-imports",
    security(("accessToken" = [])),
    params(ImportPath),
    responses((status = 200, description = "The import.", body = UserImport), Problems),
)]
#[get("/v1/accounts/{account_id}/user-imports/{import_id}")]
pub async fn get_user_import(
    app: Data<App>,
    Then(by, PathId(import)): Then<Guarded<UserPermissions>, PathId<entity::UserImport>>,
) -> Result<HttpResponse> {
    let view = app.service.read_user_import(by.account_id, import).await?;
    Ok(HttpResponse::Ok().json(UserImport::from(view)))
}
