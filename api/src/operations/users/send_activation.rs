//! `POST /v1/accounts/{account_id}/users/{user_id}/actions/send-activation`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;

use crate::{
    app::App,
    extract::{Fresh, Guarded, PathId, Then, UserPermissions},
    operations::views::{Activation, UserPath},
    problem::{
        Code, Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED, &[Code::ReauthenticationRequired]);

/// Hand out a new activation code
///
/// For a user who has lost the code or the password. The reply carries the code, once; older codes are void. Whoever has
/// the code can become the user, so you have to hold all that the user holds. Needs `user_permissions` and a recent
/// proof of who you are.
#[utoipa::path(
    tag = "users",
    security(("accessToken" = [])),
    params(UserPath),
    responses((status = 200, description = "The new code.", body = Activation), Problems),
)]
#[post("/v1/accounts/{account_id}/users/{user_id}/actions/send-activation")]
pub async fn send_activation(
    app: Data<App>,
    Then(by, PathId(user_id)): Then<Guarded<UserPermissions, Fresh>, PathId<entity::User>>,
) -> Result<HttpResponse> {
    let issued = app.service.send_activation(&by.actor, by.account_id, user_id).await?;
    Ok(HttpResponse::Ok().json(Activation::from(issued)))
}
