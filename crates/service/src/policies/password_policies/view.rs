//! A password policy as the API returns it.

use kernel::{AccountId, PasswordPolicyId, Time};
use password_policy::{CustomStrength, Finding, Surroundings};
use serde::Serialize;
use store::{Conn, tables::policies::password_policies::StoredPolicy};
use utoipa::ToSchema;

use super::conformance::{findings, surroundings};
use crate::base::{error::Result, model::Versioned, service::Core};

/// A password policy: the rules for passwords, and when passwords expire.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PasswordPolicy)]
pub struct PasswordPolicyView {
    /// The id.
    #[schema(value_type = String, format = Uuid, examples("01997f62-5b0d-7e21-8c3a-94d1e0f7a233"))]
    pub id: PasswordPolicyId,
    /// Name, unique in the account.
    #[schema(examples("Staff"))]
    pub name: String,
    /// Whether this is the default: the policy for users to whom no policy is assigned, directly or through a role or a
    /// permission. An account has exactly one default.
    pub is_default: bool,
    /// `basic`, `medium`, `advanced`, `modern` or `custom`. More values may be added.
    #[schema(
        value_type = String,
        examples("modern"),
        extensions(("x-extensible-enum" = json!(["basic", "medium", "advanced", "modern", "custom"])))
    )]
    pub strength: &'static str,
    /// The minimums. Present only with the strength `custom`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub custom_strength: Option<CustomPasswordNumbers>,
    /// A password expires this number of days after its last change; null: never.
    #[schema(required = true, examples(90))]
    pub expires_after_days: Option<u16>,
    /// For passwords that were set before expiry was switched on, when their age begins to count: `from_switch_on`
    /// (when expiry was switched on) or `from_last_change` (at the last change of the password). More values may be
    /// added.
    #[schema(
        value_type = String,
        examples("from_switch_on"),
        extensions(("x-extensible-enum" = json!(["from_switch_on", "from_last_change"])))
    )]
    pub existing_passwords: &'static str,
    /// Expiries that would all fall at the same moment are spread over this number of days. 0: they are not spread.
    #[schema(examples(0))]
    pub spread_expiry_over_days: u16,
    /// How many previous passwords a new one must differ from, in addition to the current one.
    #[schema(examples(5))]
    pub remember_last: u8,
    /// What happens to existing passwords that break the policy: `at_next_change` (they stay valid until they are
    /// changed) or `at_next_login` (they are checked at the next sign-in). More values may be added.
    #[schema(
        value_type = String,
        examples("at_next_change"),
        extensions(("x-extensible-enum" = json!(["at_next_change", "at_next_login"])))
    )]
    pub apply_to_existing: &'static str,
    /// Words that passwords must not contain.
    #[schema(examples(json!(["Rocket Skates"])))]
    pub forbidden_words: Vec<String>,
    /// How the policy conforms to two standards, requirement by requirement. Latchkey does not require conformance; the
    /// decision is yours.
    pub conformance: Vec<PasswordPolicyFinding>,
    /// When the policy was last changed.
    #[schema(value_type = String, format = DateTime, examples("2026-01-31T12:00:00Z"))]
    pub updated_at: Time,
}

/// The minimums for the strength `custom`, in characters.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "they are the names in the API")]
pub struct CustomPasswordNumbers {
    /// The minimum length.
    #[schema(examples(12))]
    pub min_length: u8,
    /// The minimum number of uppercase letters.
    #[schema(examples(1))]
    pub min_uppercase: u8,
    /// The minimum number of lowercase letters.
    #[schema(examples(1))]
    pub min_lowercase: u8,
    /// The minimum number of digits.
    #[schema(examples(1))]
    pub min_digits: u8,
    /// The minimum number of characters that are neither letters nor digits.
    #[schema(examples(1))]
    pub min_specials: u8,
}

/// One requirement of a standard, and whether the policy meets it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PasswordPolicyFinding {
    /// The standard. More standards may be added.
    #[schema(value_type = String, examples("NIST SP 800-63B-4"))]
    pub standard: &'static str,
    /// The number of the section or the requirement.
    #[schema(value_type = String, examples("3.1.1.2"))]
    pub section: &'static str,
    /// `met`, `broken`, or `differs`: Latchkey deviates from the requirement on purpose, so no policy meets it. More
    /// values may be added.
    #[schema(
        value_type = String,
        examples("met"),
        extensions(("x-extensible-enum" = json!(["met", "broken", "differs"])))
    )]
    pub verdict: &'static str,
    /// Why, in one sentence.
    #[schema(value_type = String, examples("No character type is required."))]
    pub sentence: &'static str,
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

/// The view of `stored` in its account, with its version.
pub(super) fn view(
    conn: &mut Conn,
    core: &Core,
    account: AccountId,
    stored: &StoredPolicy,
) -> Result<Versioned<PasswordPolicyView>> {
    let value = view_in(stored, surroundings(conn, core, account)?);
    Ok(Versioned { version: stored.version, value })
}

/// The view of `stored` with these surroundings.
pub(super) fn view_in(stored: &StoredPolicy, surroundings: Surroundings) -> PasswordPolicyView {
    let policy = &stored.policy;
    PasswordPolicyView {
        id: stored.id,
        name: policy.name().to_owned(),
        is_default: stored.is_default,
        strength: policy.strength().as_str(),
        custom_strength: policy.strength().custom().map(CustomPasswordNumbers::from),
        expires_after_days: policy.expiry().after_days(),
        existing_passwords: policy.expiry().existing().as_str(),
        spread_expiry_over_days: policy.expiry().spread_days(),
        remember_last: policy.remember_last().get(),
        apply_to_existing: policy.apply_to_existing().as_str(),
        forbidden_words: policy.forbidden_words().to_vec(),
        conformance: findings(policy, surroundings).into_iter().map(PasswordPolicyFinding::from).collect(),
        updated_at: stored.updated_at,
    }
}
