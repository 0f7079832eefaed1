//! Compares a policy with two standards, requirement by requirement, so that an account can make an informed decision.
//!
//! Requirements that no policy can change (hashing, rate limits, sessions) are shown elsewhere.

use crate::{PasswordPolicy, SignIn, Strength};

/// A published standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// NIST SP 800-63B-4, *Authentication and Authenticator Management*, August 2025.
    NistSp80063b4,
    /// OWASP Application Security Verification Standard 5.0, chapter V6.
    OwaspAsvs5,
}

impl Standard {
    /// The title in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NistSp80063b4 => "NIST SP 800-63B-4",
            Self::OwaspAsvs5 => "OWASP ASVS 5.0",
        }
    }
}

/// Whether a policy meets a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Met,
    /// It does not; another policy would.
    Broken,
    /// No policy can meet it: Latchkey deliberately does this differently.
    Differs,
}

impl Verdict {
    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Broken => "broken",
            Self::Differs => "differs",
        }
    }
}

/// One requirement and the verdict on the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The standard.
    pub standard: Standard,
    /// The section or the requirement, such as `3.1.1.2` or `6.2.5`.
    pub section: &'static str,
    /// Whether it is met.
    pub verdict: Verdict,
    /// The reason, in one sentence.
    pub sentence: &'static str,
}

/// Facts that are not part of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// All users to whom the policy applies sign in with a second factor, each time.
    pub second_factor_for_all: bool,
    /// New passwords are compared with a list of breached ones.
    pub breach_check: bool,
}

/// The longest minimum length for which the list of common passwords has 3,000 that satisfy it.
const FULL_LIST: u8 = 17;

/// Every requirement that depends on the policy, and those about passwords that Latchkey treats the same under every
/// policy.
pub fn conformance(policy: &PasswordPolicy, surroundings: Surroundings) -> Vec<Finding> {
    let mut findings = nist(policy, surroundings);
    findings.extend(asvs(policy, surroundings));
    findings
}

fn nist(policy: &PasswordPolicy, surroundings: Surroundings) -> Vec<Finding> {
    // One section contains them all.
    let finding =
        |(verdict, sentence)| Finding { standard: Standard::NistSp80063b4, section: "3.1.1.2", verdict, sentence };
    [
        if least_length(policy.strength(), surroundings) {
            met("Passwords have at least 15 characters, or at least 8 where a second factor always follows.")
        } else {
            broken("NIST asks for at least 15 characters where no second factor follows; this policy accepts fewer.")
        },
        met("Passwords of 64 characters are accepted, up to 256."),
        met("All characters are accepted, including spaces and all of Unicode, and each code point counts as one."),
        if composition(policy.strength()) {
            broken("NIST rules out required character types, because people satisfy such rules in predictable ways.")
        } else {
            met("No character type is required.")
        },
        if policy.expiry().after_days().is_some() {
            broken("NIST rules out periodic changes, because people then choose weaker and similar passwords.")
        } else {
            met("Passwords are not changed periodically.")
        },
        met("New passwords are compared with a list of common ones, and a rejection states its reason."),
        differs(
            "NIST compares whole passwords only; Latchkey also rejects a password that is little more than names and \
             words about the user and the account, in the spirit of ASVS 6.2.11.",
        ),
        met("The whole password is verified; nothing is truncated."),
        differs(
            "NIST recommends normalizing Unicode (NFC) before hashing; Latchkey hashes a password exactly as received, \
             as ASVS 6.2.8 requires.",
        ),
    ]
    .map(finding)
    .into()
}

fn asvs(policy: &PasswordPolicy, surroundings: Surroundings) -> Vec<Finding> {
    let finding =
        |(section, (verdict, sentence))| Finding { standard: Standard::OwaspAsvs5, section, verdict, sentence };
    [
        (
            "6.2.1",
            if policy.strength().rules(SignIn::PasswordOnly).min_length() >= 15 {
                met("Passwords have at least 8 characters, and the recommended 15 where they are the only factor.")
            } else {
                met("Passwords have at least 8 characters; 15 are strongly recommended.")
            },
        ),
        ("6.2.2", met("Users can change their password.")),
        ("6.2.3", met("A change requires the current and the new password.")),
        (
            "6.2.4",
            if policy.strength().rules(SignIn::PasswordOnly).min_length() <= FULL_LIST {
                met("New passwords are compared with more than 3,000 common ones of the required length.")
            } else {
                broken("There are fewer than 3,000 common passwords of the length that this policy requires.")
            },
        ),
        (
            "6.2.5",
            if composition(policy.strength()) {
                broken(
                    "ASVS rules out a minimum number of uppercase letters, lowercase letters, numbers or special \
                     characters.",
                )
            } else {
                met("Passwords of any composition can be used.")
            },
        ),
        ("6.2.8", met("Passwords are verified exactly as received.")),
        ("6.2.9", met("Passwords of 64 characters are permitted, up to 256.")),
        (
            "6.2.10",
            if policy.expiry().after_days().is_some() {
                broken("ASVS rules out periodic changes: a password stays valid until it is known to be compromised.")
            } else {
                met("A password stays valid until the user changes it or an administrator requires a change.")
            },
        ),
        ("6.2.11", met("Names of the account, the user and the product, and the account's own words, are rejected.")),
        (
            "6.2.12",
            if surroundings.breach_check {
                met("New passwords are compared with breached ones.")
            } else {
                broken("New passwords are not compared with breached ones, because no breach check is configured.")
            },
        ),
    ]
    .map(finding)
    .into()
}

fn met(sentence: &'static str) -> (Verdict, &'static str) {
    (Verdict::Met, sentence)
}

fn broken(sentence: &'static str) -> (Verdict, &'static str) {
    (Verdict::Broken, sentence)
}

fn differs(sentence: &'static str) -> (Verdict, &'static str) {
    (Verdict::Differs, sentence)
}

fn least_length(strength: Strength, surroundings: Surroundings) -> bool {
    strength.rules(SignIn::PasswordOnly).min_length() >= 15
        || (surroundings.second_factor_for_all && strength.rules(SignIn::WithSecondFactor).min_length() >= 8)
}

fn composition(strength: Strength) -> bool {
    strength.rules(SignIn::PasswordOnly).asks_for_composition()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CustomStrengthDraft, PolicyDraft};

    const ALONE: Surroundings = Surroundings { second_factor_for_all: false, breach_check: false };
    const GUARDED: Surroundings = Surroundings { second_factor_for_all: true, breach_check: true };

    /// The broken sections of both standards: (strength, days, surroundings).
    fn broken_sections(
        strength: &str,
        expires_after_days: Option<i64>,
        surroundings: Surroundings,
    ) -> Vec<&'static str> {
        let custom_strength =
            (strength == "custom").then_some(CustomStrengthDraft { min_length: 20, ..Default::default() });
        let draft = PolicyDraft {
            name: "any".into(),
            strength: strength.into(),
            custom_strength,
            expires_after_days,
            ..PolicyDraft::default()
        };
        let findings = conformance(&PasswordPolicy::new(draft).unwrap(), surroundings);
        assert!(findings.iter().all(|finding| finding.sentence.ends_with('.') && !finding.sentence.contains("  ")));
        findings.iter().filter(|it| it.verdict == Verdict::Broken).map(|it| it.section).collect()
    }

    #[test]
    fn each_policy_breaks_what_it_has_to() {
        for (strength, days, surroundings, expected) in [
            ("modern", None, GUARDED, vec![]),
            ("modern", None, ALONE, vec!["6.2.12"]),
            ("basic", None, GUARDED, vec![]),
            ("basic", None, ALONE, vec!["3.1.1.2", "6.2.12"]),
            ("medium", None, GUARDED, vec!["3.1.1.2", "6.2.5"]),
            ("advanced", Some(90), ALONE, vec!["3.1.1.2", "3.1.1.2", "3.1.1.2", "6.2.5", "6.2.10", "6.2.12"]),
            ("modern", Some(90), GUARDED, vec!["3.1.1.2", "6.2.10"]),
            ("custom", None, GUARDED, vec!["6.2.4"]),
        ] {
            assert_eq!(broken_sections(strength, days, surroundings), expected, "{strength} {days:?} {surroundings:?}");
        }
    }

    #[test]
    fn fifteen_characters_are_told_from_eight() {
        for (strength, expected) in [
            ("modern", "Passwords have at least 8 characters, and the recommended 15 where they are the only factor."),
            ("basic", "Passwords have at least 8 characters; 15 are strongly recommended."),
        ] {
            let draft = PolicyDraft { name: "any".into(), strength: strength.into(), ..PolicyDraft::default() };
            let findings = conformance(&PasswordPolicy::new(draft).unwrap(), ALONE);
            let length = findings.iter().find(|finding| finding.section == "6.2.1").unwrap();
            assert_eq!((length.verdict, length.sentence), (Verdict::Met, expected));
        }
    }

    #[test]
    fn standards_and_verdicts_have_names() {
        let standards = [Standard::NistSp80063b4, Standard::OwaspAsvs5].map(Standard::as_str);
        assert_eq!(standards, ["NIST SP 800-63B-4", "OWASP ASVS 5.0"]);
        let verdicts = [Verdict::Met, Verdict::Broken, Verdict::Differs].map(Verdict::as_str);
        assert_eq!(verdicts, ["met", "broken", "differs"]);
    }

    #[test]
    fn the_list_is_long_enough_for_the_lengths_it_is_said_to_be() {
        let entries = |length: usize| {
            include_str!("../data/common-passwords.txt").lines().filter(|line| line.len() >= length).count()
        };
        assert!(entries(FULL_LIST.into()) >= 3000 && entries(usize::from(FULL_LIST) + 1) < 3000);
    }
}
