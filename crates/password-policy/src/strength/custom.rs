//! An account's own rules.

use super::Rules;
use crate::FieldError;

/// The bounds of a minimum length. Both NIST SP 800-63B-4 §3.1.1.2 and OWASP ASVS 5.0 §6.2.1 require at least 8, even
/// with a second factor. Above 64 a password of 64 characters would be rejected, which ASVS §6.2.9 requires to be
/// permitted.
const LENGTH: (i64, i64) = (8, 64);

/// The bounds of how many characters of one class can be required.
const COUNT: (i64, i64) = (0, 16);

/// An account's rules as received: any numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CustomStrengthDraft {
    /// Code points in all, 8 to 64.
    pub min_length: i64,
    /// Uppercase letters, 0 to 16.
    pub min_uppercase: i64,
    /// Lowercase letters, 0 to 16.
    pub min_lowercase: i64,
    /// Numbers, 0 to 16.
    pub min_digits: i64,
    /// Special characters, 0 to 16.
    pub min_specials: i64,
}

/// Consistent rules of an account: the required characters by class are not more than the required length, so that the
/// minimum length is meaningful.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CustomStrength(Rules);

impl CustomStrength {
    /// Validates the numbers. The pointers of the errors start at `/custom_strength`.
    pub fn new(draft: CustomStrengthDraft) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut take = |field: &'static str, pointer, value: i64, (low, high): (i64, i64)| {
            u8::try_from(value).ok().filter(|_| (low..=high).contains(&value)).unwrap_or_else(|| {
                errors.push(FieldError::out_of_range(pointer, field, low, high));
                0
            })
        };
        let rules = Rules {
            length: take("min_length", "/custom_strength/min_length", draft.min_length, LENGTH),
            uppercase: take("min_uppercase", "/custom_strength/min_uppercase", draft.min_uppercase, COUNT),
            lowercase: take("min_lowercase", "/custom_strength/min_lowercase", draft.min_lowercase, COUNT),
            digits: take("min_digits", "/custom_strength/min_digits", draft.min_digits, COUNT),
            specials: take("min_specials", "/custom_strength/min_specials", draft.min_specials, COUNT),
        };
        let by_kind = rules.uppercase + rules.lowercase + rules.digits + rules.specials;
        if errors.is_empty() && by_kind > rules.length {
            errors.push(FieldError::new(
                "/custom_strength/min_length",
                "contradiction",
                format!("`min_length` must be at least {by_kind}, the sum of the other minimums"),
            ));
        }
        if errors.is_empty() { Ok(Self(rules)) } else { Err(errors) }
    }

    /// The rules, whether or not a second factor follows.
    pub const fn rules(self) -> Rules {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Strength;

    fn draft(
        min_length: i64,
        [min_uppercase, min_lowercase, min_digits, min_specials]: [i64; 4],
    ) -> CustomStrengthDraft {
        CustomStrengthDraft { min_length, min_uppercase, min_lowercase, min_digits, min_specials }
    }

    fn errors(draft: CustomStrengthDraft) -> Vec<(String, &'static str)> {
        let errors = CustomStrength::new(draft).err().unwrap_or_default();
        errors.iter().map(|error| (error.pointer().to_owned(), error.code())).collect()
    }

    fn expected(fields: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
        fields.iter().map(|(field, code)| (format!("/custom_strength/{field}"), *code)).collect()
    }

    #[test]
    fn the_bounds_are_part_of_the_range() {
        for good in [draft(8, [0; 4]), draft(64, [16; 4]), draft(8, [2; 4]), draft(16, [16, 0, 0, 0])] {
            assert!(CustomStrength::new(good).is_ok(), "{good:?}");
        }
        for length in [i64::MIN, -1, 0, 7, 65, 256, 264, i64::MAX] {
            assert_eq!(errors(draft(length, [0; 4])), expected(&[("min_length", "out_of_range")]), "{length}");
        }
        for count in [i64::MIN, -1, 17, 256, i64::MAX] {
            assert_eq!(
                errors(draft(64, [count, 0, 0, count])),
                expected(&[("min_uppercase", "out_of_range"), ("min_specials", "out_of_range")])
            );
        }
    }

    #[test]
    fn minimums_that_do_not_fit_into_the_length_contradict_it() {
        assert_eq!(errors(draft(8, [2, 2, 2, 3])), expected(&[("min_length", "contradiction")]));
        assert_eq!(errors(draft(63, [16; 4])), expected(&[("min_length", "contradiction")]));
    }

    #[test]
    fn the_rules_are_what_was_asked() {
        let rules = CustomStrength::new(draft(20, [1, 2, 3, 4])).unwrap().rules();
        assert_eq!(
            (
                rules.min_length(),
                rules.min_uppercase(),
                rules.min_lowercase(),
                rules.min_digits(),
                rules.min_specials()
            ),
            (20, 1, 2, 3, 4)
        );
        assert_eq!(Strength::Custom(CustomStrength(rules)).as_str(), "custom");
    }

    #[test]
    fn any_required_class_is_composition() {
        for (counts, composition) in
            [([0; 4], false), ([1, 0, 0, 0], true), ([0, 1, 0, 0], true), ([0, 0, 1, 0], true), ([0, 0, 0, 1], true)]
        {
            let rules = CustomStrength::new(draft(20, counts)).unwrap().rules();
            assert_eq!(rules.asks_for_composition(), composition, "{counts:?}");
        }
    }
}
