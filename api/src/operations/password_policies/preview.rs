//! `POST /v1/accounts/{account_id}/password-policies/{policy_id}/preview`

use actix_web::{HttpResponse, post, web::Data};
use kernel::entity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::draft::PasswordPolicyDraft;
use crate::{
    app::App,
    extract::{Body, Guarded, PasswordManagement, PathId, Query, Then},
    operations::views::PasswordPolicyPath,
    problem::{
        Code, Problem, Result,
        document::{BODY, GUARDED, problems},
    },
};

const MAX_DAYS: u16 = 3650;

/// How far to look ahead.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct PreviewHorizon {
    /// Days for which `expire_within_days` counts.
    #[param(minimum = 0, maximum = 3650, default = 30, example = 30)]
    within_days: u16,
}

impl Default for PreviewHorizon {
    fn default() -> Self {
        Self { within_days: 30 }
    }
}

/// What a change of a password policy would mean. Disabled users and those without a password count for `applies_to` only.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyPreview {
    /// To how many users the policy would apply.
    #[schema(examples(120))]
    applies_to: u64,
    /// Whose password is expired already and would still be.
    #[schema(examples(3))]
    expired_already: u64,
    /// Whose password would expire at once.
    #[schema(examples(40))]
    expire_at_once: u64,
    /// Whose password would expire within the days that were asked for, at once or later.
    #[schema(examples(55))]
    expire_within_days: u64,
    /// Who would have to choose a new password at the next sign-in, as far as that is known: because it is expired, or an
    /// administrator has asked for it.
    #[schema(examples(43))]
    change_at_next_login: u64,
    /// Whose password would be checked at the next sign-in, and have to be changed if it fails. How many fail is not known:
    /// only hashes of passwords are kept.
    #[schema(examples(0))]
    checked_at_next_login: u64,
}

problems!(Problems = GUARDED, BODY, &[Code::Conflict]);

type Guard = Guarded<PasswordManagement>;
type Rest = (PathId<entity::PasswordPolicy>, Query<PreviewHorizon>, Body<PasswordPolicyDraft>);

/// Preview a change of a password policy
///
/// Says how many users would have to change their password, and when, so that they can be told before and the expiries be
/// spread. Changes nothing. Needs `password_management`.
#[utoipa::path(
    tag = "password-policies",
    security(("accessToken" = [])),
    params(PasswordPolicyPath, PreviewHorizon),
    request_body(content = PasswordPolicyDraft, example = json!({
        "name": "Staff",
        "strength": "advanced",
        "expires_after_days": 90,
        "spread_expiry_over_days": 14,
    })),
    responses((status = 200, description = "What the change would mean.", body = PasswordPolicyPreview), Problems),
)]
#[post("/v1/accounts/{account_id}/password-policies/{policy_id}/preview")]
pub async fn preview_password_policy(
    app: Data<App>,
    Then(by, (PathId(policy), Query(horizon), Body(request))): Then<Guard, Rest>,
) -> Result<HttpResponse> {
    if horizon.within_days > MAX_DAYS {
        return Err(Problem::malformed("The query parameter `within_days` takes a number from 0 to 3650."));
    }
    let preview =
        app.service.preview_password_policy(by.account_id, policy, request.into(), horizon.within_days).await?;
    Ok(HttpResponse::Ok().json(PasswordPolicyPreview {
        applies_to: preview.applies_to,
        expired_already: preview.expired_already,
        expire_at_once: preview.expire_at_once,
        expire_within_days: preview.expire_within_days,
        change_at_next_login: preview.change_at_next_login,
        checked_at_next_login: preview.checked_at_next_login,
    }))
}
