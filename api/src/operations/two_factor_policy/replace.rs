//! `PUT /v1/accounts/{account_id}/two-factor-policy`

use actix_web::{HttpResponse, put, web::Data};

use super::{BODY_KIB, draft::TwoFactorPolicyDraft, view::TwoFactorPolicy};
use crate::{
    app::App,
    extract::{AccountSettings, Body, ETag, Fresh, Guarded, IfMatch, Then},
    openapi::problems,
    operations::views::{AccountPath, IfMatchHeader},
    problem::{Code, Result},
};

type Args = Then<Guarded<AccountSettings, Fresh>, (IfMatch, Body<TwoFactorPolicyDraft, BODY_KIB>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Replace an account's two-factor policy
///
/// Applies from the next step of every login, including logins in progress. Users who need a second factor and have no
/// device enroll one at their next sign-in. Users who no longer need one keep their device, which is then asleep.
/// Preview the change first. The body may have up to 4 MiB, enough for 100,000 ids. The policy of the platform's own
/// account is always `all_users`: any other is rejected as a conflict.
#[utoipa::path(
    tag = "two-factor-policy",
    params(AccountPath, IfMatchHeader),
    request_body(content = TwoFactorPolicyDraft, example = json!({ "mode": "all_users" })),
    responses((status = 200, description = "The updated policy.", body = TwoFactorPolicy, headers(("ETag"))), Problems),
)]
#[put("/v1/accounts/{account_id}/two-factor-policy")]
pub async fn replace_two_factor_policy(
    app: Data<App>,
    Then(by, (if_match, Body(request))): Args,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let policy = app.service.replace_two_factor_policy(&by, &request.into(), seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(policy.version)).json(TwoFactorPolicy::from(policy)))
}
