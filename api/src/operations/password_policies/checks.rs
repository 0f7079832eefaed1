//! What helps to choose a policy or a password: the presets, the preview of a change, and the check of a password

use actix_web::{HttpResponse, get, post, web::Data};
use kernel::entity;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use service::{PasswordPolicyDraft, PasswordPolicyPreset, PasswordPolicyPreview, password_policy_presets};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::App,
    extract::{Authenticated, Body, Guarded, PasswordManagement, PathId, Query, Then},
    openapi::problems,
    operations::views::{PasswordCheck, PasswordPolicyPath},
    problem::{Code, Problem, Result},
};

/// The named strengths.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyPresets {
    /// The presets, weakest first.
    items: Vec<PasswordPolicyPreset>,
}

type PresetsArgs = Authenticated;

problems!(PresetsProblems = PresetsArgs);

/// List the preset strengths of password policies
///
/// The presets are the same for every account. For your own minimums, use the strength `custom`.
#[utoipa::path(
    tag = "password-policies",
    responses((status = 200, description = "The presets.", body = PasswordPolicyPresets), PresetsProblems),
)]
#[get("/v1/password-policy-presets")]
pub async fn list_password_policy_presets(_: PresetsArgs) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().json(PasswordPolicyPresets { items: password_policy_presets().into() }))
}

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

type PreviewArgs = Then<
    Guarded<PasswordManagement>,
    (PathId<entity::PasswordPolicy>, Query<PreviewHorizon>, Body<PasswordPolicyDraft>),
>;

problems!(PreviewProblems = PreviewArgs, &[Code::Conflict]);

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
    responses((status = 200, description = "The effect of the change.", body = PasswordPolicyPreview), PreviewProblems),
)]
#[post("/v1/accounts/{account_id}/password-policies/{policy_id}/preview")]
pub async fn preview_password_policy(
    app: Data<App>,
    Then(by, (PathId(policy), Query(horizon), Body(request))): PreviewArgs,
) -> Result<HttpResponse> {
    if horizon.within_days > MAX_DAYS {
        return Err(Problem::malformed("The query parameter `within_days` must be a number from 0 to 3650."));
    }
    let preview = app.service.preview_password_policy(&by, policy, request, horizon.within_days).await?;
    Ok(HttpResponse::Ok().json(preview))
}

/// A password to check.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CheckPassword {
    /// The password to check. It is neither stored nor logged.
    #[schema(value_type = String, format = Password, examples("a longer horse battery staple"))]
    password: SecretString,
    /// The username of the user who would use the password. A password must not contain it.
    #[schema(nullable = false, max_length = 128, examples("ann"))]
    #[validate(length(max = 128))]
    username: Option<String>,
}

type CheckArgs = Then<Guarded<PasswordManagement>, (PathId<entity::PasswordPolicy>, Body<CheckPassword>)>;

problems!(CheckProblems = CheckArgs, &[Code::TooManyRequests]);

/// Check a password against a policy
///
/// For live feedback while somebody types. Returns the rules that the password breaks, and how hard it is to guess.
/// Nothing is stored. Does not check whether a user has used the password before.
#[utoipa::path(
    tag = "password-policies",
    params(PasswordPolicyPath),
    request_body(content = CheckPassword, example = json!({ "password": "a longer horse battery staple", "username": "ann" })),
    responses((status = 200, description = "The result of the check.", body = PasswordCheck), CheckProblems),
)]
#[post("/v1/accounts/{account_id}/password-policies/{policy_id}/check")]
pub async fn check_password(
    app: Data<App>,
    Then(by, (PathId(policy), Body(request))): CheckArgs,
) -> Result<HttpResponse> {
    let CheckPassword { password, username } = request;
    let checked = app.service.check_password(&by, policy, password, username).await?;
    Ok(HttpResponse::Ok().json(PasswordCheck::from(checked)))
}
