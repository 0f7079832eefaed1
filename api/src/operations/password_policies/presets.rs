//! `GET /v1/password-policy-presets`

use actix_web::{HttpResponse, get};
use serde::Serialize;
use service::{PresetView, password_policy_presets};
use utoipa::ToSchema;

use crate::{
    extract::Authenticated,
    problem::{
        Result,
        document::{SIGNED_IN, problems},
    },
};

/// The strengths with a name.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyPresets {
    /// The presets, the weakest first.
    items: Vec<PasswordPolicyPreset>,
}

/// A strength with a name and fixed rules. Every strength also refuses common passwords and words about the user.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyPreset {
    /// The name, for `strength` in a policy. More may come.
    #[schema(value_type = String, examples("modern"))]
    strength: &'static str,
    /// What it asks, in one sentence.
    #[schema(value_type = String, examples("At least 8 characters."))]
    description: &'static str,
    /// Characters in all.
    #[schema(examples(15))]
    min_length: u8,
    /// The same for who signs in with a second factor as well.
    #[schema(examples(8))]
    min_length_with_second_factor: u8,
    /// Uppercase letters.
    #[schema(examples(0))]
    min_uppercase: u8,
    /// Lowercase letters.
    #[schema(examples(0))]
    min_lowercase: u8,
    /// Numbers.
    #[schema(examples(0))]
    min_digits: u8,
    /// Characters that are neither letters nor numbers.
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

problems!(Problems = SIGNED_IN);

/// List the strengths that a password policy can choose from
///
/// The same for every account; `custom` takes numbers of your own instead.
#[utoipa::path(
    tag = "password-policies",
    security(("accessToken" = [])),
    responses((status = 200, description = "The presets.", body = PasswordPolicyPresets), Problems),
)]
#[get("/v1/password-policy-presets")]
pub async fn list_password_policy_presets(_: Authenticated) -> Result<HttpResponse> {
    let items = password_policy_presets().into_iter().map(PasswordPolicyPreset::from).collect();
    Ok(HttpResponse::Ok().json(PasswordPolicyPresets { items }))
}
