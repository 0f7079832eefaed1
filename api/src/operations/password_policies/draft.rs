//! The policy as an administrator writes it.

use password_policy::{CustomStrengthDraft, PolicyDraft};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// What passwords must look like and how long they last.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicyDraft {
    /// The name, unique in the account.
    #[schema(min_length = 1, max_length = 100, examples("Staff"))]
    name: String,
    /// Whether the policy applies to everybody whom no other one reaches. An account has exactly one such policy: `true`
    /// takes the place of the present one, `false` is refused for it. Left out: as it is.
    #[schema(nullable = false, examples(false))]
    is_default: Option<bool>,
    /// How strong a new password has to be.
    strength: PasswordStrength,
    /// The numbers of the strength `custom`; with any other strength there are none.
    custom_strength: Option<CustomPasswordStrength>,
    /// Days after its last change when a password expires. Null or left out: never.
    #[schema(minimum = 1, maximum = 3650, examples(90))]
    expires_after_days: Option<i64>,
    /// From when passwords count that are older than the decision that passwords expire.
    #[serde(default)]
    #[schema(default = "from_switch_on")]
    existing_passwords: ExistingPasswords,
    /// Days over which expiries are spread that would otherwise fall on the moment of this change.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 365, default = 0, examples(14))]
    spread_expiry_over_days: i64,
    /// How many earlier passwords a new one must differ from, beside the present one.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 24, default = 0, examples(5))]
    remember_last: i64,
    /// What happens to passwords that the policy would refuse.
    #[serde(default)]
    #[schema(default = "at_next_change")]
    apply_to_existing: ApplyToExisting,
    /// Words of 4 to 64 characters that passwords may not contain, such as names of your products.
    #[serde(default)]
    #[schema(max_items = 200, examples(json!(["Rocket Skates"])))]
    forbidden_words: Vec<String>,
}

/// How strong a new password has to be.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PasswordStrength {
    /// At least 8 characters.
    Basic,
    /// At least 8 characters, among them an uppercase letter and a number.
    Medium,
    /// At least 8 characters, among them an uppercase letter, a number and a special character.
    Advanced,
    /// At least 15 characters, or 8 where a second factor follows.
    Modern,
    /// Numbers of your own.
    Custom,
}

/// From when passwords count that are older than the decision that passwords expire.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExistingPasswords {
    /// From that decision.
    #[default]
    FromSwitchOn,
    /// From their real last change.
    FromLastChange,
}

/// What happens to passwords that a policy would refuse.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApplyToExisting {
    /// They stay until they are changed for another reason.
    #[default]
    AtNextChange,
    /// They are checked at the next sign-in, and have to be changed there if they fail.
    AtNextLogin,
}

/// The least that a password must have under the strength `custom`, in characters.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "they are the names in the API")]
pub struct CustomPasswordStrength {
    /// In all; at least as many as the other numbers together.
    #[schema(minimum = 8, maximum = 64, examples(12))]
    min_length: i64,
    /// Uppercase letters.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 16, default = 0, examples(1))]
    min_uppercase: i64,
    /// Lowercase letters.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 16, default = 0, examples(1))]
    min_lowercase: i64,
    /// Numbers.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 16, default = 0, examples(1))]
    min_digits: i64,
    /// Characters that are neither letters nor numbers, such as `!`, `€` or a space.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 16, default = 0, examples(1))]
    min_specials: i64,
}

impl PasswordStrength {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Medium => "medium",
            Self::Advanced => "advanced",
            Self::Modern => "modern",
            Self::Custom => "custom",
        }
    }
}

impl From<PasswordPolicyDraft> for service::PasswordPolicyDraft {
    fn from(draft: PasswordPolicyDraft) -> Self {
        let existing_passwords = match draft.existing_passwords {
            ExistingPasswords::FromSwitchOn => password_policy::ExistingPasswords::FromSwitchOn,
            ExistingPasswords::FromLastChange => password_policy::ExistingPasswords::FromLastChange,
        };
        let apply_to_existing = match draft.apply_to_existing {
            ApplyToExisting::AtNextChange => password_policy::ApplyToExisting::AtNextChange,
            ApplyToExisting::AtNextLogin => password_policy::ApplyToExisting::AtNextLogin,
        };
        let custom = |custom: CustomPasswordStrength| CustomStrengthDraft {
            min_length: custom.min_length,
            min_uppercase: custom.min_uppercase,
            min_lowercase: custom.min_lowercase,
            min_digits: custom.min_digits,
            min_specials: custom.min_specials,
        };
        Self {
            policy: PolicyDraft {
                name: draft.name,
                strength: draft.strength.as_str().to_owned(),
                custom_strength: draft.custom_strength.map(custom),
                expires_after_days: draft.expires_after_days,
                existing_passwords: existing_passwords.as_str().to_owned(),
                spread_expiry_over_days: draft.spread_expiry_over_days,
                remember_last: draft.remember_last,
                apply_to_existing: apply_to_existing.as_str().to_owned(),
                forbidden_words: draft.forbidden_words,
            },
            is_default: draft.is_default,
        }
    }
}
