//! The strengths with a name.

use password_policy::{Preset, Rules, SignIn};

/// A strength with a name and fixed rules.
#[derive(Clone, Copy, Debug)]
pub struct PresetView {
    /// The name: `basic`, `medium`, `advanced` or `modern`.
    pub strength: &'static str,
    /// What it asks, in one sentence.
    pub description: &'static str,
    /// The rules for who signs in with a password only.
    pub rules: Rules,
    /// The least length for who signs in with a second factor as well.
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
