//! `POST /v1/login/challenge/recovery-codes/acknowledgement`

use actix_web::{HttpResponse, post, web::Data};

use crate::{
    app::App,
    extract::{ChallengeToken, ClientSource},
    openapi::problems,
    problem::{Code, Result},
};

type Args = ChallengeToken;

problems!(Problems = Args, &[Code::WrongStep, Code::Conflict]);

/// Confirm during sign-in that you have kept the recovery codes
///
/// For the login in which the device was confirmed, at the step `password_change`: call this when the user has
/// said that they have printed, saved or written down the recovery codes. In a login that is complete, call `POST
/// /v1/me/two-factor/recovery-codes/acknowledgement` instead. Safe to repeat.
#[utoipa::path(
    tag = "login",
    responses((status = 204, description = "The codes count as seen."), Problems),
)]
#[post("/v1/login/challenge/recovery-codes/acknowledgement")]
pub async fn acknowledge_recovery_codes_at_login(
    app: Data<App>,
    source: ClientSource,
    token: Args,
) -> Result<HttpResponse> {
    app.service.acknowledge_recovery_codes_at_login(&token.0, &source.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
