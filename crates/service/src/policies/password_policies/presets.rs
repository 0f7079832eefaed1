//! Lists the presets of password strength.

use password_policy::{Preset, Rules, SignIn};

/// A preset of password strength: a name and fixed rules.
#[derive(Clone, Copy, Debug)]
pub struct PresetView {
    /// The name: `basic`, `medium`, `advanced` or `modern`.
    pub strength: &'static str,
    /// What it requires, in one sentence.
    pub description: &'static str,
    /// The rules for users who sign in with a password only.
    pub rules: Rules,
    /// The minimum length for users who also sign in with a second factor.
    pub min_length_with_second_factor: u8,
}

/// All presets, the weakest first.
pub fn password_policy_presets() -> [PresetView; 4] {
    Preset::ALL.map(|preset| PresetView {
        strength: preset.as_str(),
        description: preset.description(),
        rules: preset.rules(SignIn::PasswordOnly),
        min_length_with_second_factor: preset.rules(SignIn::WithSecondFactor).min_length(),
    })
}
