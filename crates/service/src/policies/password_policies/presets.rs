//! Lists the presets of password strength.

use password_policy::{Preset, SignIn};
use serde::Serialize;
use utoipa::ToSchema;

/// A named strength with fixed rules. Every strength also rejects common passwords and words about the user.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct PasswordPolicyPreset {
    /// The value of `strength` in a policy. More values may be added.
    #[schema(value_type = String, examples("modern"))]
    pub strength: &'static str,
    /// What it requires, in one sentence.
    #[schema(value_type = String, examples("At least 8 characters."))]
    pub description: &'static str,
    /// The minimum length.
    #[schema(examples(15))]
    pub min_length: u8,
    /// The minimum length for users who sign in with a second factor.
    #[schema(examples(8))]
    pub min_length_with_second_factor: u8,
    /// The minimum number of uppercase letters.
    #[schema(examples(0))]
    pub min_uppercase: u8,
    /// The minimum number of lowercase letters.
    #[schema(examples(0))]
    pub min_lowercase: u8,
    /// The minimum number of digits.
    #[schema(examples(0))]
    pub min_digits: u8,
    /// The minimum number of characters that are neither letters nor digits.
    #[schema(examples(0))]
    pub min_specials: u8,
}

/// All presets, the weakest first.
pub fn password_policy_presets() -> [PasswordPolicyPreset; 4] {
    Preset::ALL.map(|preset| {
        let rules = preset.rules(SignIn::PasswordOnly);
        PasswordPolicyPreset {
            strength: preset.as_str(),
            description: preset.description(),
            min_length: rules.min_length(),
            min_length_with_second_factor: preset.rules(SignIn::WithSecondFactor).min_length(),
            min_uppercase: rules.min_uppercase(),
            min_lowercase: rules.min_lowercase(),
            min_digits: rules.min_digits(),
            min_specials: rules.min_specials(),
        }
    })
}
