//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/reset-two-factor`

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

/// Reset a user's second factor
///
/// For a lost phone. Removes the device and the recovery codes and ends all sessions and logins of the user. At the
/// next sign-in, the user must enroll a device if the policy requires a second factor. Repeating the request changes
/// nothing. Rejected if the user holds a permission that you could not grant.
#[utoipa::path(
    tag = "users",
    params(UserPath),
    responses((status = 204, description = "The second factor is reset."), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/reset-two-factor")]
pub async fn reset_two_factor(app: Data<App>, Then(by, PathId(user_id)): Args) -> Result<HttpResponse> {
    app.service.reset_two_factor(&by, user_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
