//! `DELETE /v1/login/challenge`

use actix_web::{HttpResponse, delete, web::Data};

use crate::{
    app::App,
    extract::{ChallengeToken, ClientSource},
    openapi::problems,
    problem::Result,
};

type Args = ChallengeToken;

problems!(Problems = Args);

/// Abandon a login
///
/// Ends the login and revokes its challenge token.
#[utoipa::path(
    tag = "login",
    responses((status = 204, description = "The login has ended."), Problems),
)]
#[delete("/v1/login/challenge")]
pub async fn abandon_login(app: Data<App>, source: ClientSource, token: Args) -> Result<HttpResponse> {
    app.service.abandon_login(token.0.expose(), &source.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
