//! `POST /v1/accounts/{account_id}/password-policies/{policy_id}/preview`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::draft::PasswordPolicyDraft;
use crate::{
    app::App,
    extract::{Body, Guarded, PasswordManagement, PathId, Query, Then},
    openapi::problems,
    operations::views::PasswordPolicyPath,
    problem::{Code, Problem, Result},
};

const MAX_DAYS: u16 = 3650;

/// How far to look ahead.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct PreviewHorizon {
    /// The number of days that `expire_within_days` looks ahead.
    #[param(minimum = 0, maximum = 3650, default = 30, example = 30)]
    within_days: u16,
}

impl Default for PreviewHorizon {
    fn default() -> Self {
        Self { within_days: 30 }
    }
}

/// The effect of a change to a password policy, as numbers of users. Disabled users and users without a password are
/// counted only in `applies_to`.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyPreview {
    /// Users to whom the policy would apply.
    #[schema(examples(120))]
    applies_to: u64,
    /// Users whose password has already expired and would remain expired.
    #[schema(examples(3))]
    expired_already: u64,
    /// Users whose password would expire immediately.
    #[schema(examples(40))]
    expire_at_once: u64,
    /// Users whose password would expire within the requested number of days, including immediately.
    #[schema(examples(55))]
    expire_within_days: u64,
    /// Users known to have to choose a new password at the next sign-in, because it has expired or an administrator
    /// requires it.
    #[schema(examples(43))]
    change_at_next_login: u64,
    /// Users whose password would be checked at the next sign-in, and must be changed if it fails. How many will fail
    /// is unknown, because only hashes of passwords are stored.
    #[schema(examples(0))]
    checked_at_next_login: u64,
}

type Args = Then<
    Guarded<PasswordManagement>,
    (PathId<entity::PasswordPolicy>, Query<PreviewHorizon>, Body<PasswordPolicyDraft>),
>;

problems!(Problems = Args, &[Code::Conflict]);

/// Preview a change to a password policy
///
/// Returns how many users would have to change their password, and when, so that you can notify them and spread the
/// expiries. Changes nothing.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath, PreviewHorizon),
    request_body(content = PasswordPolicyDraft, example = json!({
        "name": "Staff",
        "strength": "advanced",
        "expires_after_days": 90,
        "spread_expiry_over_days": 14,
    })),
    responses((status = 200, description = "The effect of the change.", body = PasswordPolicyPreview), Problems),
)]
#[post("/v1/accounts/{account_id}/password-policies/{policy_id}/preview")]
pub async fn preview_password_policy(
    app: Data<App>,
    Then(by, (PathId(policy), Query(horizon), Body(request))): Args,
) -> Result<HttpResponse> {
    if horizon.within_days > MAX_DAYS {
        return Err(Problem::malformed("The query parameter `within_days` must be a number from 0 to 3650."));
    }
    let preview = app.service.preview_password_policy(&by, policy, request.into(), horizon.within_days).await?;
    Ok(HttpResponse::Ok().json(PasswordPolicyPreview {
        applies_to: preview.applies_to,
        expired_already: preview.expired_already,
        expire_at_once: preview.expire_at_once,
        expire_within_days: preview.expire_within_days,
        change_at_next_login: preview.change_at_next_login,
        checked_at_next_login: preview.checked_at_next_login,
    }))
}
