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

/// Cancel an import of users
///
/// What waits of the file is forgotten at once; the users that were imported stay. Doing it again changes nothing; what is
/// done or has failed cannot be cancelled. Needs `user_permissions`.
#[utoipa::path(
    tag = "user-imports",
    security(("accessToken" = [])),
    params(ImportPath),
    responses((status = 204, description = "Nothing more of the file is imported."), Problems),
)]
#[post("/v1/accounts/{account_id}/user-imports/{import_id}/actions/cancel")]
pub async fn cancel_user_import(
    app: Data<App>,
    Then(by, PathId(import)): Then<Guarded<UserPermissions>, PathId<entity::UserImport>>,
) -> Result<HttpResponse> {
    app.service.cancel_user_import(&by.actor, by.account_id, import).await?;
    Ok(HttpResponse::NoContent().finish())
}
