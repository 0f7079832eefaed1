//! `POST /v1/login/challenge/session`

use actix_web::{HttpResponse, post, web::Data};

use crate::{
    app::App,
    extract::{ChallengeToken, ClientSource},
    operations::views::LoginResult,
    problem::{
        Code, Result,
        document::{CHALLENGE, problems},
    },
};

problems!(Problems = CHALLENGE, &[Code::WrongStep]);

/// Finish a login at which nothing is left to do
///
/// For a login that stands at the step `session`: the account has stopped asking for a second factor, or for a new
/// password, while the login was under way. At any other step the reply is 409.
#[utoipa::path(
    tag = "login",
    security(("challengeToken" = [])),
    responses((status = 200, description = "Signed in.", body = LoginResult), Problems),
)]
#[post("/v1/login/challenge/session")]
pub async fn finish_login(app: Data<App>, source: ClientSource, token: ChallengeToken) -> Result<HttpResponse> {
    let result = app.service.finish_login(token.0.expose(), &source.0).await?;
    Ok(HttpResponse::Ok().json(LoginResult::from(result)))
}
