//! `PUT /v1/accounts/{account_id}/password-policies/{policy_id}`

use actix_web::{HttpResponse, put, web::Data};
use kernel::entity;

use super::{draft::PasswordPolicyDraft, view::PasswordPolicy};
use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IfMatch, PasswordManagement, PathId, Then},
    openapi::problems,
    operations::views::{IfMatchHeader, PasswordPolicyPath},
    problem::{Code, Result},
};

type Args =
    Then<Guarded<PasswordManagement, Fresh>, (PathId<entity::PasswordPolicy>, IfMatch, Body<PasswordPolicyDraft>)>;

problems!(Problems = Args, &[Code::Conflict]);

/// Replace a password policy
///
/// Applies from the next step of every login, including logins in progress. With `at_next_login`, a login whose
/// password was checked against other rules must start again: its next step returns 401 `challenge_invalid`, unless the
/// password breaks the new rules in the same way. Preview the change first to see how many passwords would expire
/// immediately.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath, IfMatchHeader),
    request_body(content = PasswordPolicyDraft, example = json!({
        "name": "Staff",
        "strength": "advanced",
        "expires_after_days": 90,
        "spread_expiry_over_days": 14,
        "remember_last": 5,
        "forbidden_words": ["Rocket Skates"],
    })),
    responses((status = 200, description = "The updated policy.", body = PasswordPolicy, headers(("ETag"))), Problems),
)]
#[put("/v1/accounts/{account_id}/password-policies/{policy_id}")]
pub async fn replace_password_policy(
    app: Data<App>,
    Then(by, (PathId(policy), if_match, Body(request))): Args,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let policy = app.service.replace_password_policy(&by, policy, request.into(), seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(policy.version)).json(PasswordPolicy::from(policy)))
}
