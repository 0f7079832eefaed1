//! `POST /v1/accounts/{account_id}/user-imports/{import_id}/actions/cancel`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use super::view::ImportPath;
use crate::{
    app::App,
    extract::{Guarded, PathId, Then, UserPermissions},
    openapi::problems,
    problem::{Code, Result},
};

type Args = Then<Guarded<UserPermissions>, PathId<entity::UserImport>>;

problems!(Problems = Args, &[Code::Conflict]);

/// Cancel a user import
///
/// Discards the records that are still waiting. Users who were already imported stay. Repeating the request changes
/// nothing. An import that is done or has failed cannot be cancelled.
#[utoipa::path(
    tag = "user-imports",
    params(ImportPath),
    responses((status = 204, description = "The import is cancelled."), Problems),
)]
#[post("/v1/accounts/{account_id}/user-imports/{import_id}/actions/cancel")]
pub async fn cancel_user_import(app: Data<App>, Then(by, PathId(import)): Args) -> Result<HttpResponse> {
    app.service.cancel_user_import(&by, import).await?;
    Ok(HttpResponse::NoContent().finish())
}
