//! `GET /v1/login/challenge`

use actix_web::{HttpResponse, get, web::Data};

use crate::{
    app::App,
    extract::{ChallengeToken, ClientSource},
    operations::views::LoginChallenge,
    problem::{
        Result,
        document::{CHALLENGE, problems},
    },
};

problems!(Problems = CHALLENGE);

/// See where a login stands
///
/// A page that was reloaded resumes from here. The policy is read anew: if a second factor is no longer asked, `next`
/// says so.
#[utoipa::path(
    tag = "login",
    security(("challengeToken" = [])),
    responses((status = 200, description = "What comes next.", body = LoginChallenge), Problems),
)]
#[get("/v1/login/challenge")]
pub async fn get_login_challenge(app: Data<App>, source: ClientSource, token: ChallengeToken) -> Result<HttpResponse> {
    let challenge = app.service.login_state(token.0.expose(), &source.0).await?;
    Ok(HttpResponse::Ok().json(LoginChallenge::from(challenge)))
}
