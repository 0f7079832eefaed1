//! `GET /v1/login/challenge`

use actix_web::{HttpResponse, get, web::Data};

use crate::{
    app::App,
    extract::{ChallengeToken, ClientSource},
    openapi::problems,
    operations::views::LoginChallenge,
    problem::Result,
};

type Args = ChallengeToken;

problems!(Problems = Args);

/// Get the state of a login
///
/// A reloaded page can resume the login from here. The policy is evaluated again: `next` tells if a second factor is no
/// longer required.
#[utoipa::path(
    tag = "login",
    responses((status = 200, description = "The state of the login.", body = LoginChallenge), Problems),
)]
#[get("/v1/login/challenge")]
pub async fn get_login_challenge(app: Data<App>, source: ClientSource, token: Args) -> Result<HttpResponse> {
    let challenge = app.service.login_state(token.0.expose(), &source.0).await?;
    Ok(HttpResponse::Ok().json(LoginChallenge::from(challenge)))
}
