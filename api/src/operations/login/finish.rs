//! `POST /v1/login/challenge/session`

use actix_web::{HttpRequest, HttpResponse, post, web::Data};

use crate::{
    app::App,
    extract::{ChallengeToken, ClientSource, IdempotencyKey, Then},
    openapi::problems,
    operations::views::{LoginResult, RepeatKeyHeader},
    problem::{Code, Result},
};

type Args = Then<ChallengeToken, IdempotencyKey>;

problems!(Problems = Args, &[Code::WrongStep]);

/// Finish a login that needs no further step
///
/// For a login at the step `session`: while it was in progress, the account stopped requiring a second factor or a new
/// password. At any other step, the reply is 409.
#[utoipa::path(
    tag = "login",
    params(RepeatKeyHeader),
    responses((status = 200, description = "Signed in.", body = LoginResult), Problems),
)]
#[post("/v1/login/challenge/session")]
pub async fn finish_login(
    app: Data<App>,
    http: HttpRequest,
    source: ClientSource,
    Then(token, key): Args,
) -> Result<HttpResponse> {
    let result = app.service.finish_login(token.0, key.bound_to(&http), &source.0).await?;
    Ok(HttpResponse::Ok().json(LoginResult::from(result)))
}
