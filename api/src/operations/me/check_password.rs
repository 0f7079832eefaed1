//! `POST /v1/me/password/check`

use actix_web::{HttpResponse, post, web::Data};

use crate::{
    app::App,
    extract::{Body, Person, Then},
    operations::views::{CheckOwnPassword, PasswordCheck},
    problem::{
        Result,
        document::{BODY, GUESSABLE, PERSONAL, problems},
    },
};

problems!(Problems = PERSONAL, BODY, GUESSABLE);

/// Check a password that one would choose
///
/// For live feedback while the user types: the rules of the user's policy that the candidate breaks, and how long it would
/// stand. Nothing is kept. Whether it was used before is not looked at.
#[utoipa::path(
    tag = "me",
    security(("accessToken" = [])),
    request_body(content = CheckOwnPassword, example = json!({ "password": "a longer horse battery staple" })),
    responses((status = 200, description = "What is wrong with it, if anything.", body = PasswordCheck), Problems),
)]
#[post("/v1/me/password/check")]
pub async fn check_my_password(
    app: Data<App>,
    Then(by, Body(request)): Then<Person, Body<CheckOwnPassword>>,
) -> Result<HttpResponse> {
    let checked = app.service.check_own_password(&by.0, request.password).await?;
    Ok(HttpResponse::Ok().json(PasswordCheck::from(checked)))
}
