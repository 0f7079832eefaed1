//! `GET /v1/password-policy-presets`

use actix_web::{HttpResponse, get};
use serde::Serialize;
use service::{PresetView, password_policy_presets};
use utoipa::ToSchema;

use crate::{extract::Authenticated, openapi::problems, problem::Result};

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

type Args = Authenticated;

problems!(Problems = Args);

/// List the preset strengths of password policies
///
/// The presets are the same for every account. For your own minimums, use the strength `custom`.
#[utoipa::path(
    tag = "password-policies",
    responses((status = 200, description = "The presets.", body = PasswordPolicyPresets), Problems),
)]
#[get("/v1/password-policy-presets")]
pub async fn list_password_policy_presets(_: Args) -> Result<HttpResponse> {
    let items = password_policy_presets().into_iter().map(PasswordPolicyPreset::from).collect();
    Ok(HttpResponse::Ok().json(PasswordPolicyPresets { items }))
}
