//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/unlock`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, Guarded, PathId, Then, UserPermissions},
    operations::views::UserPath,
    problem::{
        Code, Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED, &[Code::ReauthenticationRequired]);

/// Unlock a user
///
/// Forgets the wrong passwords and codes that were counted for the user, who then need not wait. Doing it again changes
/// nothing. Refused for somebody who holds what you could not grant. Needs `user_permissions` and a recent proof of who
/// you are.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(UserPath),
    responses((status = 204, description = "The user need not wait any more."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/unlock")]
pub async fn unlock_user(
    app: Data<App>,
    Then(by, PathId(user_id)): Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>,
) -> Result<HttpResponse> {
    app.service.unlock_user(&by.actor, by.account_id, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
