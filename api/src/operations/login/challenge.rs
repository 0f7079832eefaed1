//! A login in progress: `/v1/login/challenge`

use actix_web::{HttpResponse, delete, get, web::Data};

use crate::{
    app::App,
    extract::{ChallengeToken, ClientSource},
    openapi::problems,
    operations::views::LoginChallenge,
    problem::Result,
};

type GetArgs = ChallengeToken;

problems!(GetProblems = GetArgs);

/// Get the state of a login
///
/// A reloaded page can resume the login from here. The policies are evaluated again, so `next` may have changed: for
/// example, it is `session` if the account no longer requires a second factor.
#[utoipa::path(
    tag = "login",
    responses((status = 200, description = "The state of the login.", body = LoginChallenge), GetProblems),
)]
#[get("/v1/login/challenge")]
pub async fn get_login_challenge(app: Data<App>, source: ClientSource, token: GetArgs) -> Result<HttpResponse> {
    let challenge = app.service.login_state(token.0, &source.0).await?;
    Ok(HttpResponse::Ok().json(LoginChallenge::from(challenge)))
}

type AbandonArgs = ChallengeToken;

problems!(AbandonProblems = AbandonArgs);

/// Abandon a login
///
/// Ends the login and revokes its challenge token.
#[utoipa::path(
    tag = "login",
    responses((status = 204, description = "The login has ended."), AbandonProblems),
)]
#[delete("/v1/login/challenge")]
pub async fn abandon_login(app: Data<App>, source: ClientSource, token: AbandonArgs) -> Result<HttpResponse> {
    app.service.abandon_login(&token.0, &source.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
