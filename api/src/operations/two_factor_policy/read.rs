//! `GET /v1/accounts/{account_id}/two-factor-policy`

use actix_web::{HttpResponse, get, web::Data};

use super::view::TwoFactorPolicy;
use crate::{
    app::App,
    extract::{AccountSettings, ETag, Guarded},
    operations::views::AccountPath,
    problem::{
        Result,
        document::{GUARDED, problems},
    },
};

problems!(Problems = GUARDED);

/// Get an account's two-factor policy
///
/// Requires `account_settings`.
#[utoipa::path(
    tag = "two-factor-policy",
    security(("accessToken" = [])),
    params(AccountPath),
    responses((status = 200, description = "The policy.", body = TwoFactorPolicy, headers(("ETag"))), Problems),
)]
#[get("/v1/accounts/{account_id}/two-factor-policy")]
pub async fn get_two_factor_policy(app: Data<App>, by: Guarded<AccountSettings>) -> Result<HttpResponse> {
    let policy = app.service.read_two_factor_policy(by.account_id).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(policy.version)).json(TwoFactorPolicy::from(policy)))
}
