//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/disable`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, Guarded, PathId, Then, UserPermissions},
    openapi::problems,
    operations::views::UserPath,
    problem::{Code, Result},
};

type Args = Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>;

problems!(Problems = Args, &[Code::Conflict]);

/// Disable a user
///
/// The user can no longer sign in, and all sessions and logins end at once. Only a platform administrator can disable
/// the last holder of a built-in permission in an account. Repeating the request changes nothing. Rejected if the user
/// holds a permission that you could not grant.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 204, description = "The user is disabled."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/disable")]
pub async fn disable_user(app: Data<App>, Then(by, PathId(user_id)): Args) -> Result<HttpResponse> {
    app.service.disable_user(&by, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
