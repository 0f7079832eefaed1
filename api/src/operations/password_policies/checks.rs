//! What to know before a policy or a password is chosen: the presets, the preview of a change, and the check of a password

use actix_web::{HttpResponse, get, post, web::Data};
use kernel::entity;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use service::{PresetView, password_policy_presets};
use utoipa::ToSchema;
use validator::Validate;

use super::draft::PasswordPolicyDraft;
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

/// A named strength with fixed rules. Every strength also rejects common passwords and words about the user.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyPreset {
    /// The value of `strength` in a policy. More values may be added.
    #[schema(value_type = String, examples("modern"))]
    strength: &'static str,
    /// What it requires, in one sentence.
    #[schema(value_type = String, examples("At least 8 characters."))]
    description: &'static str,
    /// The minimum length.
    #[schema(examples(15))]
    min_length: u8,
    /// The minimum length for users who sign in with a second factor.
    #[schema(examples(8))]
    min_length_with_second_factor: u8,
    /// The minimum number of uppercase letters.
    #[schema(examples(0))]
    min_uppercase: u8,
    /// The minimum number of lowercase letters.
    #[schema(examples(0))]
    min_lowercase: u8,
    /// The minimum number of digits.
    #[schema(examples(0))]
    min_digits: u8,
    /// The minimum number of characters that are neither letters nor digits.
    #[schema(examples(0))]
    min_specials: u8,
}

impl From<PresetView> for PasswordPolicyPreset {
    fn from(preset: PresetView) -> Self {
        let PresetView { strength, description, rules, min_length_with_second_factor } = preset;
        Self {
            strength,
            description,
            min_length: rules.min_length(),
            min_length_with_second_factor,
            min_uppercase: rules.min_uppercase(),
            min_lowercase: rules.min_lowercase(),
            min_digits: rules.min_digits(),
            min_specials: rules.min_specials(),
        }
    }
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
    let items = password_policy_presets().into_iter().map(PasswordPolicyPreset::from).collect();
    Ok(HttpResponse::Ok().json(PasswordPolicyPresets { items }))
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
