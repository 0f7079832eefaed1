//! `GET /v1/accounts/{account_id}/two-factor-policy`

use actix_web::{HttpResponse, get, web::Data};

use super::view::TwoFactorPolicy;
use crate::{
    app::App,
    extract::{AccountSettings, ETag, Guarded},
    openapi::problems,
    operations::views::AccountPath,
    problem::Result,
};

type Args = Guarded<AccountSettings>;

problems!(Problems = Args);

/// Get an account's two-factor policy
#[utoipa::path(
    tag = "two-factor-policy",
    params(AccountPath),
    responses((status = 200, description = "The policy.", body = TwoFactorPolicy, headers(("ETag"))), Problems),
)]
#[get("/v1/accounts/{account_id}/two-factor-policy")]
pub async fn get_two_factor_policy(app: Data<App>, by: Args) -> Result<HttpResponse> {
    let policy = app.service.read_two_factor_policy(&by).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(policy.version)).json(TwoFactorPolicy::from(policy)))
}
