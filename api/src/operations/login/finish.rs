//! `POST /v1/login/challenge/session`

use actix_web::{HttpResponse, post, web::Data};

use crate::{
    app::App,
    extract::{ChallengeToken, ClientSource},
    openapi::problems,
    operations::views::LoginResult,
    problem::{Code, Result},
};

type Args = ChallengeToken;

problems!(Problems = Args, &[Code::WrongStep]);

/// Finish a login that needs no further step
///
/// For a login at the step `session`: while it was in progress, the account stopped requiring a second factor or a new
/// password. At any other step, the reply is 409.
#[utoipa::path(
    tag = "login",
    responses((status = 200, description = "Signed in.", body = LoginResult), Problems),
)]
#[post("/v1/login/challenge/session")]
pub async fn finish_login(app: Data<App>, source: ClientSource, token: Args) -> Result<HttpResponse> {
    let result = app.service.finish_login(token.0, &source.0).await?;
    Ok(HttpResponse::Ok().json(LoginResult::from(result)))
}
