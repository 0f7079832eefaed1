//! `POST /v1/me/password/check`

use actix_web::{HttpResponse, post, web::Data};

use crate::{
    app::App,
    extract::{Body, Person, Then},
    openapi::problems,
    operations::views::{CheckOwnPassword, PasswordCheck},
    problem::{Code, Result},
};

type Args = Then<Person, Body<CheckOwnPassword>>;

problems!(Problems = Args, &[Code::TooManyRequests]);

/// Check your new password
///
/// For live feedback while the user types. Returns the rules of the user's policy that the password breaks, and how
/// hard it is to guess. Nothing is stored. Does not check whether the password was used before.
#[utoipa::path(
    tag = "me",
    request_body(content = CheckOwnPassword, example = json!({ "password": "a longer horse battery staple" })),
    responses((status = 200, description = "The result of the check.", body = PasswordCheck), Problems),
)]
#[post("/v1/me/password/check")]
pub async fn check_my_password(app: Data<App>, Then(by, Body(request)): Args) -> Result<HttpResponse> {
    let checked = app.service.check_own_password(&by.0, request.password).await?;
    Ok(HttpResponse::Ok().json(PasswordCheck::from(checked)))
}
