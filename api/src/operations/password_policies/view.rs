//! The policy as the API shows it.

use chrono::{DateTime, Utc};
use password_policy::{CustomStrength, Finding};
use serde::Serialize;
use service::PasswordPolicyView;
use utoipa::ToSchema;
use uuid::Uuid;

/// What passwords must look like and how long they last, and to whom it applies when nothing else does.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicy {
    /// The id.
    #[schema(examples("01997f62-5b0d-7e21-8c3a-94d1e0f7a233"))]
    id: Uuid,
    /// The name, unique in the account.
    #[schema(examples("Staff"))]
    name: String,
    /// Whether the policy applies to everybody whom no other one reaches. Exactly one of an account does.
    is_default: bool,
    /// `basic`, `medium`, `advanced`, `modern` or `custom`. More may come.
    #[schema(
        value_type = String,
        examples("modern"),
        extensions(("x-extensible-enum" = json!(["basic", "medium", "advanced", "modern", "custom"])))
    )]
    strength: &'static str,
    /// The numbers, with the strength `custom`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    custom_strength: Option<CustomPasswordNumbers>,
    /// Days after its last change when a password expires; null: never.
    #[schema(required = true, examples(90))]
    expires_after_days: Option<u16>,
    /// `from_switch_on` or `from_last_change`: from when passwords count that are older than the decision that passwords
    /// expire. More may come.
    #[schema(
        value_type = String,
        examples("from_switch_on"),
        extensions(("x-extensible-enum" = json!(["from_switch_on", "from_last_change"])))
    )]
    existing_passwords: &'static str,
    /// Days over which expiries are spread that would otherwise fall on one moment.
    #[schema(examples(0))]
    spread_expiry_over_days: u16,
    /// How many earlier passwords a new one must differ from, beside the present one.
    #[schema(examples(5))]
    remember_last: u8,
    /// `at_next_change` or `at_next_login`: what happens to passwords that the policy would refuse. More may come.
    #[schema(
        value_type = String,
        examples("at_next_change"),
        extensions(("x-extensible-enum" = json!(["at_next_change", "at_next_login"])))
    )]
    apply_to_existing: &'static str,
    /// Words that passwords may not contain.
    #[schema(examples(json!(["Rocket Skates"])))]
    forbidden_words: Vec<String>,
    /// What two standards say to the policy, requirement by requirement. The decision is yours.
    conformance: Vec<PasswordPolicyFinding>,
    /// When the policy was last changed.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    updated_at: DateTime<Utc>,
}

/// The least that a password must have under the strength `custom`, in characters.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "they are the names in the API")]
pub struct CustomPasswordNumbers {
    /// In all.
    #[schema(examples(12))]
    min_length: u8,
    /// Uppercase letters.
    #[schema(examples(1))]
    min_uppercase: u8,
    /// Lowercase letters.
    #[schema(examples(1))]
    min_lowercase: u8,
    /// Numbers.
    #[schema(examples(1))]
    min_digits: u8,
    /// Characters that are neither letters nor numbers.
    #[schema(examples(1))]
    min_specials: u8,
}

/// One requirement of a standard, and what the policy makes of it.
#[derive(Serialize, ToSchema)]
pub struct PasswordPolicyFinding {
    /// The standard. More may come.
    #[schema(value_type = String, examples("NIST SP 800-63B-4"))]
    standard: &'static str,
    /// The section or the requirement.
    #[schema(value_type = String, examples("3.1.1.2"))]
    section: &'static str,
    /// `met`, `broken`, or `differs`: no policy meets it, because Latchkey treats it otherwise on purpose. More may come.
    #[schema(
        value_type = String,
        examples("met"),
        extensions(("x-extensible-enum" = json!(["met", "broken", "differs"])))
    )]
    verdict: &'static str,
    /// Why, in one sentence.
    #[schema(value_type = String, examples("No kind of character is required."))]
    sentence: &'static str,
}

impl From<CustomStrength> for CustomPasswordNumbers {
    fn from(custom: CustomStrength) -> Self {
        let rules = custom.rules();
        Self {
            min_length: rules.min_length(),
            min_uppercase: rules.min_uppercase(),
            min_lowercase: rules.min_lowercase(),
            min_digits: rules.min_digits(),
            min_specials: rules.min_specials(),
        }
    }
}

impl From<Finding> for PasswordPolicyFinding {
    fn from(finding: Finding) -> Self {
        Self {
            standard: finding.standard.as_str(),
            section: finding.section,
            verdict: finding.verdict.as_str(),
            sentence: finding.sentence,
        }
    }
}

impl From<PasswordPolicyView> for PasswordPolicy {
    fn from(view: PasswordPolicyView) -> Self {
        let PasswordPolicyView { id, is_default, policy, conformance, updated_at, version: _ } = view;
        Self {
            id: id.as_uuid(),
            name: policy.name().to_owned(),
            is_default,
            strength: policy.strength().as_str(),
            custom_strength: policy.strength().custom().map(CustomPasswordNumbers::from),
            expires_after_days: policy.expiry().after_days(),
            existing_passwords: policy.expiry().existing().as_str(),
            spread_expiry_over_days: policy.expiry().spread_days(),
            remember_last: policy.remember_last().get(),
            apply_to_existing: policy.apply_to_existing().as_str(),
            forbidden_words: policy.forbidden_words().to_vec(),
            conformance: conformance.into_iter().map(PasswordPolicyFinding::from).collect(),
            updated_at,
        }
    }
}
