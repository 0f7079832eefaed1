//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/unlock`

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

/// Unlock a user
///
/// Clears the count of wrong passwords and codes, so that the user can try again at once. Repeating the request changes
/// nothing. Rejected if the user holds a permission that you could not grant.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 204, description = "The user is not locked."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/unlock")]
pub async fn unlock_user(app: Data<App>, Then(by, PathId(user_id)): Args) -> Result<HttpResponse> {
    app.service.unlock_user(&by, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
