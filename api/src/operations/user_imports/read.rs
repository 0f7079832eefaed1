//! `GET /v1/accounts/{account_id}/user-imports/{import_id}`

use actix_web::{HttpResponse, get, web::Data};
use kernel::entity;

use super::view::{ImportPath, UserImport};
use crate::{
    app::App,
    extract::{Guarded, PathId, Then, UserPermissions},
    openapi::problems,
    problem::Result,
};

type Args = Then<Guarded<UserPermissions>, PathId<entity::UserImport>>;

problems!(Problems = Args);

/// Get a user import
///
/// Returns the progress of the import. Poll until `finished_at` is set. You can read an import for 30 days after it
/// ends.
#[utoipa::path(
    tag = "user-imports",
    params(ImportPath),
    responses((status = 200, description = "The import.", body = UserImport), Problems),
)]
#[get("/v1/accounts/{account_id}/user-imports/{import_id}")]
pub async fn get_user_import(app: Data<App>, Then(by, PathId(import)): Args) -> Result<HttpResponse> {
    let view = app.service.read_user_import(&by, import).await?;
    Ok(HttpResponse::Ok().json(UserImport::from(view)))
}
