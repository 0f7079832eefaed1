//! What a password policy is to be, and its validation.

use password_policy::{CustomStrengthDraft, PasswordPolicy, PolicyDraft};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::base::error::{Error, FieldError, Result};

/// The rules for passwords, and when passwords expire.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicyDraft {
    /// Name, unique in the account.
    #[schema(min_length = 1, max_length = 100, examples("Staff"))]
    name: String,
    /// Whether this is the default: the policy for users to whom no policy is assigned, directly or through a role or a
    /// permission. An account has exactly one default: `true` makes this policy the default instead of the current one;
    /// `false` is rejected for the current default. If omitted, nothing changes.
    #[schema(nullable = false, examples(false))]
    is_default: Option<bool>,
    /// How strong a new password must be.
    strength: PasswordStrength,
    /// The minimums for the strength `custom`. Not allowed with any other strength.
    custom_strength: Option<CustomPasswordStrength>,
    /// A password expires this number of days after its last change. Null or omitted: never.
    #[schema(minimum = 1, maximum = 3650, examples(90))]
    expires_after_days: Option<i64>,
    /// For passwords that were set before expiry was switched on, when their age begins to count.
    #[serde(default)]
    #[schema(default = "from_switch_on")]
    existing_passwords: ExistingPasswords,
    /// Passwords that would expire at the moment of this change expire over this number of days instead. 0: all expire
    /// at once.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 365, default = 0, examples(14))]
    spread_expiry_over_days: i64,
    /// How many previous passwords a new one must differ from, in addition to the current one.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 24, default = 0, examples(5))]
    remember_last: i64,
    /// What happens to existing passwords that break the policy.
    #[serde(default)]
    #[schema(default = "at_next_change")]
    apply_to_existing: ApplyToExisting,
    /// Words of 4 to 64 characters that passwords must not contain, such as the names of your products.
    #[serde(default)]
    #[schema(max_items = 200, examples(json!(["Rocket Skates"])))]
    forbidden_words: Vec<String>,
}

/// How strong a new password must be.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PasswordStrength {
    /// At least 8 characters.
    Basic,
    /// At least 8 characters, including an uppercase letter and a number.
    Medium,
    /// At least 8 characters, including an uppercase letter, a number and a special character.
    Advanced,
    /// At least 15 characters, or 8 if a second factor is required.
    Modern,
    /// Your own minimums.
    Custom,
}

/// From when the age of a password is counted if it was set before expiry was switched on.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExistingPasswords {
    /// From when expiry was switched on.
    #[default]
    FromSwitchOn,
    /// From the last change of the password.
    FromLastChange,
}

/// What happens to existing passwords that break a policy.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApplyToExisting {
    /// They stay valid until they are changed for another reason.
    #[default]
    AtNextChange,
    /// They are checked at the next sign-in, and must be changed then if they fail.
    AtNextLogin,
}

/// The minimums for the strength `custom`, in characters.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "they are the names in the API")]
pub struct CustomPasswordStrength {
    /// The minimum length. At least the sum of the other minimums.
    #[schema(minimum = 8, maximum = 64, examples(12))]
    min_length: i64,
    /// The minimum number of uppercase letters.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 16, default = 0, examples(1))]
    min_uppercase: i64,
    /// The minimum number of lowercase letters.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 16, default = 0, examples(1))]
    min_lowercase: i64,
    /// The minimum number of digits.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 16, default = 0, examples(1))]
    min_digits: i64,
    /// The minimum number of characters that are neither letters nor digits, such as `!`, `€` or a space.
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

impl PasswordPolicyDraft {
    /// Parses it: the contents of the policy, and whether it becomes the account's default; `None`: as before, and a new
    /// policy does not.
    ///
    /// # Errors
    /// [`Error::Validation`] names the fields.
    pub(super) fn parse(self) -> Result<(PasswordPolicy, Option<bool>)> {
        let existing_passwords = match self.existing_passwords {
            ExistingPasswords::FromSwitchOn => password_policy::ExistingPasswords::FromSwitchOn,
            ExistingPasswords::FromLastChange => password_policy::ExistingPasswords::FromLastChange,
        };
        let apply_to_existing = match self.apply_to_existing {
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
        let policy = PasswordPolicy::new(PolicyDraft {
            name: self.name,
            strength: self.strength.as_str().to_owned(),
            custom_strength: self.custom_strength.map(custom),
            expires_after_days: self.expires_after_days,
            existing_passwords: existing_passwords.as_str().to_owned(),
            spread_expiry_over_days: self.spread_expiry_over_days,
            remember_last: self.remember_last,
            apply_to_existing: apply_to_existing.as_str().to_owned(),
            forbidden_words: self.forbidden_words,
        });
        let error = |error: &password_policy::FieldError| FieldError {
            pointer: error.pointer().to_owned(),
            code: error.code(),
            message: error.message().to_owned(),
        };
        let policy = policy.map_err(|errors| Error::Validation(errors.iter().map(error).collect()))?;
        Ok((policy, self.is_default))
    }
}
