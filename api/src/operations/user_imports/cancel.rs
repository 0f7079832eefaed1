//! `POST /v1/accounts/{account_id}/user-imports/{import_id}/actions/cancel`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use super::view::ImportPath;
use crate::{
    app::App,
    extract::{Guarded, PathId, Then, UserPermissions},
    problem::{
        Code, Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED, &[Code::Conflict]);

/// Cancel a user import
///
/// Discards the records that are still waiting. Users who were already imported stay. Repeating the request changes
/// nothing. An import that is done or has failed cannot be cancelled. Requires `user_permissions`.
#[utoipa::path(
    tag = "user-imports",
    security(("accessToken" = [])),
    params(ImportPath),
    responses((status = 204, description = "The import is cancelled."), Problems),
)]
#[post("/v1/accounts/{account_id}/user-imports/{import_id}/actions/cancel")]
pub async fn cancel_user_import(
    app: Data<App>,
    Then(by, PathId(import)): Then<Guarded<UserPermissions>, PathId<entity::UserImport>>,
) -> Result<HttpResponse> {
    app.service.cancel_user_import(&by.actor, by.account_id, import).await?;
    Ok(HttpResponse::NoContent().finish())
}
