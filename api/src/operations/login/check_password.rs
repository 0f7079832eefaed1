//! `POST /v1/login/challenge/password/check`

use actix_web::{HttpResponse, post, web::Data};

use crate::{
    app::App,
    extract::{Body, ChallengeToken, ClientSource, Then},
    openapi::problems,
    operations::views::{CheckOwnPassword, PasswordCheck},
    problem::{Code, Result},
};

type Args = Then<ChallengeToken, Body<CheckOwnPassword>>;

problems!(Problems = Args, &[Code::TooManyRequests, Code::WrongStep]);

/// Check a new password during sign-in
///
/// For live feedback while the user types, in a login at the step `password_change`. Returns the rules of the user's
/// policy that the password breaks, and how hard it is to guess. Nothing is stored. Does not check whether the password
/// was used before.
#[utoipa::path(
    tag = "login",
    request_body(content = CheckOwnPassword, example = json!({ "password": "a longer horse battery staple" })),
    responses((status = 200, description = "The result of the check.", body = PasswordCheck), Problems),
)]
#[post("/v1/login/challenge/password/check")]
pub async fn check_password_at_login(
    app: Data<App>,
    source: ClientSource,
    Then(token, Body(request)): Args,
) -> Result<HttpResponse> {
    let checked = app.service.check_password_at_login(token.0.expose(), &source.0, request.password).await?;
    Ok(HttpResponse::Ok().json(PasswordCheck::from(checked)))
}
