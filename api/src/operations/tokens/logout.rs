//! `POST /v1/logout`

use actix_web::{HttpResponse, post, web::Data};

use crate::{app::App, extract::Person, openapi::problems, problem::Result};

type Args = Person;

problems!(Problems = Args);

/// Sign out
///
/// Ends the session of the access token. The access token and the refresh token are rejected from then on. Services
/// that verify tokens offline accept the access token until it expires.
#[utoipa::path(
    tag = "tokens",
    responses((status = 204, description = "The session has ended."), Problems),
)]
#[post("/v1/logout")]
pub async fn logout(app: Data<App>, by: Args) -> Result<HttpResponse> {
    app.service.logout(&by.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
