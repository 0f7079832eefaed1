//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/enable`

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

/// Enable a user
///
/// The user can sign in again, with the same password and device as before. Repeating the request changes nothing.
/// Rejected if the user holds a permission that you could not grant. Requires `user_permissions` and a recent sign-in.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(UserPath),
    responses((status = 204, description = "The user is enabled."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/enable")]
pub async fn enable_user(
    app: Data<App>,
    Then(by, PathId(user_id)): Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>,
) -> Result<HttpResponse> {
    app.service.enable_user(&by.actor, by.account_id, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
