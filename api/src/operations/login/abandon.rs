//! `DELETE /v1/login/challenge`

use actix_web::{HttpResponse, delete, web::Data};

use crate::{
    app::App,
    extract::{ChallengeToken, ClientSource},
    problem::{
        Result,
        document::{CHALLENGE, problems},
    },
};

problems!(Problems = CHALLENGE);

/// Abandon a login
///
/// Ends the login and revokes its challenge token.
#[utoipa::path(
    tag = "login",
    security(("challengeToken" = [])),
    responses((status = 204, description = "The login has ended."), Problems),
)]
#[delete("/v1/login/challenge")]
pub async fn abandon_login(app: Data<App>, source: ClientSource, token: ChallengeToken) -> Result<HttpResponse> {
    app.service.abandon_login(token.0.expose(), &source.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
