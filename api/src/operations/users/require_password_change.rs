//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/require-password-change`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, Guarded, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::UserPath,
    problem::Result,
};

type Args = Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>;

problems!(Problems = Args);

/// Require a user to choose a new password
///
/// The next sign-in, and every login in progress, leads to the step `password_change` before a session starts. Existing
/// sessions continue. Repeating the request changes nothing. Rejected if the user holds a permission that you could not
/// grant.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 204, description = "The user must choose a new password."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/require-password-change")]
pub async fn require_password_change(app: Data<App>, Then(by, PathId(user_id)): Args) -> Result<HttpResponse> {
    app.service.require_password_change(&by, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
