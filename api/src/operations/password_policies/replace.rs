//! `PUT /v1/accounts/{account_id}/password-policies/{policy_id}`

use actix_web::{HttpResponse, put, web::Data};
use kernel::entity;

use super::{draft::PasswordPolicyDraft, view::PasswordPolicy};
use crate::{
    app::App,
    extract::{Body, ETag, Fresh, Guarded, IfMatch, PasswordManagement, PathId, Then},
    operations::views::{IfMatchHeader, PasswordPolicyPath},
    problem::{
        Code, Result,
        document::{BODY, GUARDED, problems},
    },
};

problems!(Problems = GUARDED, BODY, &[Code::Conflict, Code::PreconditionFailed, Code::ReauthenticationRequired]);

type Guard = Guarded<PasswordManagement, Fresh>;
type Rest = (PathId<entity::PasswordPolicy>, IfMatch, Body<PasswordPolicyDraft>);

/// Replace a password policy
///
/// Counts from the next step of every login on, also of those under way. With `at_next_login`, a login whose password was
/// checked by other rules has to begin again: its next step answers 401 `challenge_invalid`, unless what was wrong with the
/// password is wrong under the new rules too. Preview the change first: it says how many passwords expire at once. Needs
/// `password_management` and a recent proof of who you are.
#[utoipa::path(
    tag = "password-policies",
    security(("accessToken" = [])),
    params(PasswordPolicyPath, IfMatchHeader),
    request_body(content = PasswordPolicyDraft, example = json!({
        "name": "Staff",
        "strength": "advanced",
        "expires_after_days": 90,
        "spread_expiry_over_days": 14,
        "remember_last": 5,
        "forbidden_words": ["Rocket Skates"],
    })),
    responses((status = 200, description = "The policy as it is now.", body = PasswordPolicy, headers(("ETag"))), Problems),
)]
#[put("/v1/accounts/{account_id}/password-policies/{policy_id}")]
pub async fn replace_password_policy(
    app: Data<App>,
    Then(by, (PathId(policy), if_match, Body(request))): Then<Guard, Rest>,
) -> Result<HttpResponse> {
    let seen = if_match.version()?;
    let policy = app.service.replace_password_policy(&by.actor, by.account_id, policy, request.into(), seen).await?;
    Ok(HttpResponse::Ok().insert_header(ETag(policy.version)).json(PasswordPolicy::from(policy)))
}
