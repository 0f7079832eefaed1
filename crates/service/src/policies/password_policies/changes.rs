//! Records what a new or changed policy says.

use password_policy::PasswordPolicy;
use store::tables::policies::password_policies::StoredPolicy;

use crate::base::audit::{Event, Fact};

/// The contents of a policy, as named facts. Its forbidden words are only counted: they may be many.
fn facts(stored: &StoredPolicy) -> Vec<(&'static str, Fact)> {
    let policy: &PasswordPolicy = &stored.policy;
    let mut facts = vec![
        ("name", policy.name().into()),
        ("is_default", stored.is_default.into()),
        ("strength", policy.strength().as_str().into()),
        ("expires_after_days", policy.expiry().after_days().into()),
        ("existing_passwords", policy.expiry().existing().as_str().into()),
        ("spread_expiry_over_days", policy.expiry().spread_days().into()),
        ("remember_last", u32::from(policy.remember_last().get()).into()),
        ("apply_to_existing", policy.apply_to_existing().as_str().into()),
        ("forbidden_words", policy.forbidden_words().len().into()),
    ];
    if let Some(custom) = policy.strength().custom() {
        let rules = custom.rules();
        facts.extend([
            ("min_length", u32::from(rules.min_length()).into()),
            ("min_uppercase", u32::from(rules.min_uppercase()).into()),
            ("min_lowercase", u32::from(rules.min_lowercase()).into()),
            ("min_digits", u32::from(rules.min_digits()).into()),
            ("min_specials", u32::from(rules.min_specials()).into()),
        ]);
    }
    facts
}

/// Adds to an event what differs between `before` and `after`; for a new policy everything.
pub(super) fn with_changes(event: Event, before: Option<&StoredPolicy>, after: &StoredPolicy) -> Event {
    let Some(before) = before else {
        return facts(after).into_iter().fold(event, |event, (name, fact)| event.with(name, fact));
    };
    let (was, mut is) = (facts(before), facts(after));
    let gone = was.iter().filter(|(name, _)| !is.iter().any(|(other, _)| other == name));
    let gone: Vec<_> = gone.map(|(name, _)| (*name, Fact::Nothing)).collect();
    is.extend(gone);
    let event = is.into_iter().fold(event, |event, (name, fact)| {
        let earlier = was.iter().find(|(other, _)| *other == name).map_or(Fact::Nothing, |(_, fact)| fact.clone());
        event.with_change(name, earlier, fact)
    });
    let same_words = before.policy.forbidden_words() == after.policy.forbidden_words();
    if same_words { event } else { event.with("forbidden_words_changed", true) }
}
