//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/require-password-change`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Guarded, PathId, Then, UserPermissions},
    operations::views::UserPath,
    problem::{
        Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED);

/// Make a user choose a new password
///
/// The next sign-in, and every one under way, leads to the step `password_change` before there is a session. Sessions that
/// exist go on. Doing it again changes nothing. Needs `user_permissions`.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(UserPath),
    responses((status = 204, description = "The user will choose a new password."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/require-password-change")]
pub async fn require_password_change(
    app: Data<App>,
    Then(by, PathId(user_id)): Then<Guarded<UserPermissions>, PathId<entity::User>>,
) -> Result<HttpResponse> {
    app.service.require_password_change(by.account_id, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
