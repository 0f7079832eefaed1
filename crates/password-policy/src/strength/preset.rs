//! The preset strengths, and the strength of a policy.

use std::str::FromStr;

use super::{CustomStrength, Rules, SignIn};

/// A strength with a name and fixed rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// At least 8 characters.
    Basic,
    /// At least 8 characters, among them an uppercase letter and a number.
    Medium,
    /// At least 8 characters, among them an uppercase letter, a number and a special character.
    Advanced,
    /// NIST SP 800-63B-4 §3.1.1.2: at least 15 characters, 8 where a second factor follows, and no other rule.
    Modern,
}

impl Preset {
    /// All presets, the weakest first.
    pub const ALL: [Self; 4] = [Self::Basic, Self::Medium, Self::Advanced, Self::Modern];

    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Medium => "medium",
            Self::Advanced => "advanced",
            Self::Modern => "modern",
        }
    }

    /// The requirements of the preset, in one sentence.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Basic => "At least 8 characters.",
            Self::Medium => "At least 8 characters, including an uppercase letter and a number.",
            Self::Advanced => "At least 8 characters, including an uppercase letter, a number and a special character.",
            Self::Modern => {
                "At least 15 characters, or 8 where a second factor follows; any characters, no expiry \
                 (NIST SP 800-63B-4, OWASP ASVS 5.0)."
            }
        }
    }

    /// The rules for users who sign in this way.
    pub const fn rules(self, sign_in: SignIn) -> Rules {
        match (self, sign_in) {
            (Self::Basic, _) | (Self::Modern, SignIn::WithSecondFactor) => Rules::length_only(8),
            (Self::Modern, SignIn::PasswordOnly) => Rules::length_only(15),
            (Self::Medium, _) => Rules { uppercase: 1, digits: 1, ..Rules::length_only(8) },
            (Self::Advanced, _) => Rules { uppercase: 1, digits: 1, specials: 1, ..Rules::length_only(8) },
        }
    }
}

/// The text is not the name of a [`Preset`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownPreset;

impl FromStr for Preset {
    type Err = UnknownPreset;

    fn from_str(text: &str) -> Result<Self, UnknownPreset> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == text).ok_or(UnknownPreset)
    }
}

/// How strong a new password must be under a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Fixed rules.
    Preset(Preset),
    /// The account's own rules.
    Custom(CustomStrength),
}

impl Strength {
    /// The name in the API and in the database: of the preset, or `custom`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preset(preset) => preset.as_str(),
            Self::Custom(_) => Self::CUSTOM,
        }
    }

    pub(crate) const CUSTOM: &'static str = "custom";

    /// The account's own numbers, if it has any.
    pub const fn custom(self) -> Option<CustomStrength> {
        match self {
            Self::Preset(_) => None,
            Self::Custom(custom) => Some(custom),
        }
    }

    /// The rules for users who sign in this way.
    pub const fn rules(self, sign_in: SignIn) -> Rules {
        match self {
            Self::Preset(preset) => preset.rules(sign_in),
            Self::Custom(custom) => custom.rules(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_presets_ask_what_their_names_promise() {
        // length with a password only, with a second factor; uppercase, digits, specials
        for (name, alone, second, uppercase, digits, specials) in [
            ("basic", 8, 8, 0, 0, 0),
            ("medium", 8, 8, 1, 1, 0),
            ("advanced", 8, 8, 1, 1, 1),
            ("modern", 15, 8, 0, 0, 0),
        ] {
            let preset: Preset = name.parse().unwrap();
            assert_eq!((preset.as_str(), Strength::Preset(preset).as_str()), (name, name));
            assert!(preset.description().starts_with("At least ") && preset.description().ends_with('.'), "{name}");
            for (sign_in, length) in [(SignIn::PasswordOnly, alone), (SignIn::WithSecondFactor, second)] {
                let rules = Strength::Preset(preset).rules(sign_in);
                let asked = (rules.min_length(), rules.min_uppercase(), rules.min_digits(), rules.min_specials());
                assert_eq!(asked, (length, uppercase, digits, specials), "{name}");
                assert_eq!(rules.min_lowercase(), 0, "{name}");
                assert_eq!(rules.asks_for_composition(), uppercase > 0, "{name}");
            }
        }
    }

    #[test]
    fn other_names_are_no_preset() {
        for text in ["", "Basic", "custom", "strong", "basic "] {
            assert_eq!(text.parse::<Preset>(), Err(UnknownPreset), "{text:?}");
        }
    }
}
