//! Password policies as accounts define them.

use crate::{
    Context, CustomStrength, CustomStrengthDraft, ExistingPasswords, ExpirySetting, FieldError, Preset, RememberLast,
    Strength,
};

/// Code points of a policy's name.
const MAX_NAME: usize = 100;

/// Words that an account may forbid in passwords.
const MAX_WORDS: usize = 200;

/// Code points of a forbidden word.
const MAX_WORD: usize = 64;

const EXPIRES_AFTER_DAYS: (i64, i64) = (1, 3650);
const SPREAD_DAYS: (i64, i64) = (0, 365);

/// What happens to existing passwords that a new or stricter policy would reject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplyToExisting {
    /// They stay until they are changed for another reason.
    AtNextChange,
    /// They are checked at the next sign-in, when they are at hand, and must be changed then.
    AtNextLogin,
}

impl ApplyToExisting {
    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AtNextChange => "at_next_change",
            Self::AtNextLogin => "at_next_login",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::AtNextChange, Self::AtNextLogin].into_iter().find(|it| it.as_str() == text)
    }
}

/// A policy as received: any values.
#[derive(Clone, Debug)]
pub struct PolicyDraft {
    /// 1 to 100 code points; outer white space is removed.
    pub name: String,
    /// `basic`, `medium`, `advanced`, `modern` or `custom`.
    pub strength: String,
    /// The numbers of `custom`; absent with any other strength.
    pub custom_strength: Option<CustomStrengthDraft>,
    /// 1 to 3,650; `None`: passwords do not expire.
    pub expires_after_days: Option<i64>,
    /// `from_switch_on` or `from_last_change`.
    pub existing_passwords: String,
    /// 0 to 365.
    pub spread_expiry_over_days: i64,
    /// 0 to 24.
    pub remember_last: i64,
    /// `at_next_change` or `at_next_login`.
    pub apply_to_existing: String,
    /// At most 200 words of at most 64 code points, each with four letters or digits: see [`can_be_forbidden`].
    pub forbidden_words: Vec<String>,
}

/// Whether a word can be forbidden: it has at least four letters or digits, and at most 64 code points, none of them a
/// control character. Words of fewer letters occur in good passwords by chance, so they are not searched for (as with
/// the words about the user, NIST SP 800-63B-4 §3.1.1.2 has the verifier choose a list that does not frustrate users).
/// Signs between letters are ignored, so a word of signs alone would never be found.
pub fn can_be_forbidden(word: &str) -> bool {
    word.chars().count() <= MAX_WORD && !word.chars().any(char::is_control) && Context::forbids(word)
}

impl Default for PolicyDraft {
    /// The defaults for omitted fields: the modern preset, no expiry, a new password differs from the previous one.
    fn default() -> Self {
        Self {
            name: String::new(),
            strength: Preset::Modern.as_str().to_owned(),
            custom_strength: None,
            expires_after_days: None,
            existing_passwords: ExistingPasswords::FromSwitchOn.as_str().to_owned(),
            spread_expiry_over_days: 0,
            remember_last: 0,
            apply_to_existing: ApplyToExisting::AtNextChange.as_str().to_owned(),
            forbidden_words: Vec::new(),
        }
    }
}

/// A valid policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    name: String,
    strength: Strength,
    expiry: ExpirySetting,
    remember_last: RememberLast,
    apply_to_existing: ApplyToExisting,
    forbidden_words: Vec<String>,
}

impl PasswordPolicy {
    /// Validates a draft. The errors name every field that cannot be accepted, with JSON pointers into the policy.
    pub fn new(draft: PolicyDraft) -> Result<Self, Vec<FieldError>> {
        let mut errors = Errors(Vec::new());
        let name = errors.take(name(&draft.name));
        let strength = errors.take_all(strength(&draft.strength, draft.custom_strength));
        let after_days = match draft.expires_after_days {
            None => Some(None),
            Some(value) => errors.take(days("expires_after_days", value, EXPIRES_AFTER_DAYS)).map(Some),
        };
        let spread_days = errors.take(days("spread_expiry_over_days", draft.spread_expiry_over_days, SPREAD_DAYS));
        let existing = errors.take(word_of(
            "existing_passwords",
            ExistingPasswords::parse(&draft.existing_passwords),
            "from_switch_on or from_last_change",
        ));
        let remember_last = errors.take(remember_last(draft.remember_last));
        let apply_to_existing = errors.take(word_of(
            "apply_to_existing",
            ApplyToExisting::parse(&draft.apply_to_existing),
            "at_next_change or at_next_login",
        ));
        let forbidden_words = errors.take_all(forbidden_words(draft.forbidden_words));
        let policy = (|| {
            let expiry = ExpirySetting { after_days: after_days?, existing: existing?, spread_days: spread_days? };
            Some(Self {
                name: name?,
                strength: strength?,
                expiry,
                remember_last: remember_last?,
                apply_to_existing: apply_to_existing?,
                forbidden_words: forbidden_words?,
            })
        })();
        policy.ok_or(errors.0)
    }

    /// The name, unique within the account.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How strong a new password must be.
    pub const fn strength(&self) -> Strength {
        self.strength
    }

    /// Whether and when passwords expire.
    pub const fn expiry(&self) -> ExpirySetting {
        self.expiry
    }

    /// How many previous passwords a new one must differ from, in addition to the current one.
    pub const fn remember_last(&self) -> RememberLast {
        self.remember_last
    }

    /// What happens to existing passwords that the policy would reject.
    pub const fn apply_to_existing(&self) -> ApplyToExisting {
        self.apply_to_existing
    }

    /// Words that the account does not allow in passwords.
    pub fn forbidden_words(&self) -> &[String] {
        &self.forbidden_words
    }
}

/// Collects errors and passes on valid values.
struct Errors(Vec<FieldError>);

impl Errors {
    fn take<T>(&mut self, result: Result<T, FieldError>) -> Option<T> {
        self.take_all(result.map_err(|error| vec![error]))
    }

    fn take_all<T>(&mut self, result: Result<T, Vec<FieldError>>) -> Option<T> {
        result.map_err(|errors| self.0.extend(errors)).ok()
    }
}

fn name(text: &str) -> Result<String, FieldError> {
    let name = text.trim();
    if name.is_empty() {
        return Err(FieldError::new("/name", "required", "`name` is required"));
    }
    if name.chars().count() > MAX_NAME {
        return Err(FieldError::new("/name", "too_long", format!("`name` must have at most {MAX_NAME} characters")));
    }
    if name.chars().any(char::is_control) {
        return Err(FieldError::new("/name", "malformed", "`name` must not have control characters"));
    }
    Ok(name.to_owned())
}

fn strength(text: &str, custom: Option<CustomStrengthDraft>) -> Result<Strength, Vec<FieldError>> {
    let error = |pointer: &'static str, code, message: &str| Err(vec![FieldError::new(pointer, code, message)]);
    match (text, text.parse(), custom) {
        (Strength::CUSTOM, _, Some(draft)) => CustomStrength::new(draft).map(Strength::Custom),
        (Strength::CUSTOM, _, None) => {
            error("/custom_strength", "required", "`custom_strength` is required with the strength custom")
        }
        (_, Ok(preset), None) => Ok(Strength::Preset(preset)),
        (_, Ok(_), Some(_)) => {
            error("/custom_strength", "not_applicable", "`custom_strength` is allowed only with the strength custom")
        }
        (_, Err(_), _) => {
            error("/strength", "unknown_value", "`strength` must be basic, medium, advanced, modern or custom")
        }
    }
}

fn days(field: &str, value: i64, (low, high): (i64, i64)) -> Result<u16, FieldError> {
    let days = u16::try_from(value).ok().filter(|_| (low..=high).contains(&value));
    days.ok_or_else(|| FieldError::out_of_range(format!("/{field}"), field, low, high))
}

fn remember_last(value: i64) -> Result<RememberLast, FieldError> {
    let count = u8::try_from(value).ok().and_then(RememberLast::new);
    count.ok_or_else(|| FieldError::out_of_range("/remember_last", "remember_last", 0, RememberLast::MAX.into()))
}

fn word_of<T>(field: &str, value: Option<T>, values: &str) -> Result<T, FieldError> {
    value.ok_or_else(|| FieldError::new(format!("/{field}"), "unknown_value", format!("`{field}` must be {values}")))
}

fn forbidden_words(words: Vec<String>) -> Result<Vec<String>, Vec<FieldError>> {
    if words.len() > MAX_WORDS {
        let message = format!("`forbidden_words` must have at most {MAX_WORDS} words");
        return Err(vec![FieldError::new("/forbidden_words", "too_many", message)]);
    }
    let errors: Vec<_> = words
        .iter()
        .enumerate()
        .filter(|(_, word)| !can_be_forbidden(word))
        .map(|(place, _)| {
            let message = format!(
                "must have at least 4 letters or digits, at most {MAX_WORD} characters, and no control characters"
            );
            FieldError::new(format!("/forbidden_words/{place}"), "malformed", message)
        })
        .collect();
    if errors.is_empty() { Ok(words) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> PolicyDraft {
        PolicyDraft { name: "Staff".into(), ..PolicyDraft::default() }
    }

    fn errors(draft: PolicyDraft) -> Vec<(String, &'static str)> {
        let errors = PasswordPolicy::new(draft).err().unwrap_or_default();
        errors.iter().map(|error| (error.pointer().to_owned(), error.code())).collect()
    }

    #[track_caller]
    fn refused(draft: PolicyDraft, expected: &[(&str, &'static str)]) {
        let expected: Vec<_> = expected.iter().map(|(pointer, code)| ((*pointer).to_owned(), *code)).collect();
        assert_eq!(errors(draft), expected);
    }

    #[test]
    fn what_is_left_out_is_modern() {
        let policy = PasswordPolicy::new(draft()).unwrap();
        assert_eq!(policy.strength(), Strength::Preset(Preset::Modern));
        assert_eq!(policy.expiry(), ExpirySetting::NEVER);
        assert_eq!(policy.remember_last().kept(), 0);
        assert_eq!(policy.apply_to_existing(), ApplyToExisting::AtNextChange);
    }

    #[test]
    fn every_value_arrives() {
        let policy = PasswordPolicy::new(PolicyDraft {
            name: "  Help desk ".into(),
            strength: "custom".into(),
            custom_strength: Some(CustomStrengthDraft { min_length: 12, min_digits: 2, ..Default::default() }),
            expires_after_days: Some(90),
            existing_passwords: "from_last_change".into(),
            spread_expiry_over_days: 14,
            remember_last: 5,
            apply_to_existing: "at_next_login".into(),
            forbidden_words: vec!["Acme".into(), "Coyote".into()],
        })
        .unwrap();
        assert_eq!(policy.name(), "Help desk");
        assert_eq!(policy.strength().custom().unwrap().rules().min_digits(), 2);
        assert_eq!(policy.expiry().after_days(), Some(90));
        assert_eq!(policy.expiry().existing(), ExistingPasswords::FromLastChange);
        assert_eq!(policy.expiry().spread_days(), 14);
        assert_eq!(policy.remember_last().get(), 5);
        assert_eq!(policy.apply_to_existing(), ApplyToExisting::AtNextLogin);
        assert_eq!(policy.forbidden_words(), ["Acme", "Coyote"]);
    }

    #[test]
    fn all_errors_come_at_once() {
        let bad = PolicyDraft {
            name: " \t".into(),
            strength: "strong".into(),
            custom_strength: None,
            expires_after_days: Some(0),
            existing_passwords: "never".into(),
            spread_expiry_over_days: -1,
            remember_last: 25,
            apply_to_existing: "now".into(),
            forbidden_words: vec!["Acme".into(), "abc".into(), "a\0cme".into()],
        };
        refused(
            bad,
            &[
                ("/name", "required"),
                ("/strength", "unknown_value"),
                ("/expires_after_days", "out_of_range"),
                ("/spread_expiry_over_days", "out_of_range"),
                ("/existing_passwords", "unknown_value"),
                ("/remember_last", "out_of_range"),
                ("/apply_to_existing", "unknown_value"),
                ("/forbidden_words/1", "malformed"),
                ("/forbidden_words/2", "malformed"),
            ],
        );
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        for days in [i64::MIN, -1, 0, 3651, 65_537, i64::MAX] {
            refused(
                PolicyDraft { expires_after_days: Some(days), ..draft() },
                &[("/expires_after_days", "out_of_range")],
            );
        }
        for count in [i64::MIN, -1, 25, 256, i64::MAX] {
            refused(PolicyDraft { remember_last: count, ..draft() }, &[("/remember_last", "out_of_range")]);
        }
        let errors = PasswordPolicy::new(PolicyDraft { remember_last: 25, ..draft() }).unwrap_err();
        let messages: Vec<_> = errors.iter().map(FieldError::message).collect();
        assert_eq!(messages, ["`remember_last` must be from 0 to 24"]);
        for days in [1, 3650] {
            assert!(PasswordPolicy::new(PolicyDraft { expires_after_days: Some(days), ..draft() }).is_ok());
        }
    }

    #[test]
    fn numbers_belong_to_custom_and_custom_needs_them() {
        let custom_strength = Some(CustomStrengthDraft { min_length: 12, ..Default::default() });
        refused(PolicyDraft { custom_strength, ..draft() }, &[("/custom_strength", "not_applicable")]);
        refused(PolicyDraft { strength: "custom".into(), ..draft() }, &[("/custom_strength", "required")]);
        let custom_strength = Some(CustomStrengthDraft { min_length: 300, min_digits: 999, ..Default::default() });
        refused(
            PolicyDraft { strength: "custom".into(), custom_strength, ..draft() },
            &[("/custom_strength/min_length", "out_of_range"), ("/custom_strength/min_digits", "out_of_range")],
        );
    }

    #[test]
    fn a_word_that_would_never_be_found_cannot_be_forbidden() {
        use crate::{Failure, Password, SignIn, check};
        for word in ["", "abc", "!!!!", "----------", "a b", "a!!b", "🚀🚀🚀🚀", "R & D", "日本語", "    abc"]
        {
            refused(
                PolicyDraft { forbidden_words: vec!["Acme".into(), word.into()], ..draft() },
                &[("/forbidden_words/1", "malformed")],
            );
        }
        let long = "x".repeat(65);
        refused(PolicyDraft { forbidden_words: vec![long], ..draft() }, &[("/forbidden_words/0", "malformed")]);
        // And every word that can be forbidden is found.
        for word in ["Acme", "a-c-m-e", "R & D 42", "abc def", "日本語版", "!Acme!", "４２４２", "ﬃﬃ"] {
            let policy = PasswordPolicy::new(PolicyDraft { forbidden_words: vec![word.into()], ..draft() }).unwrap();
            let words = policy.forbidden_words().iter().map(|word| (crate::ContextSource::Forbidden, word.as_str()));
            let password = Password::new(format!("vhrktrqw {word} zmpqjy")).unwrap();
            let failures = check(&password, Preset::Basic.rules(SignIn::PasswordOnly), &Context::new(words));
            assert_eq!(failures, [Failure::ContainsContextWord(crate::ContextSource::Forbidden)], "{word}");
        }
    }

    #[test]
    fn names_and_words_have_a_length() {
        assert!(PasswordPolicy::new(PolicyDraft { name: "é".repeat(100), ..draft() }).is_ok());
        refused(PolicyDraft { name: "é".repeat(101), ..draft() }, &[("/name", "too_long")]);
        refused(PolicyDraft { name: "a\u{7}b".into(), ..draft() }, &[("/name", "malformed")]);
        assert!(PasswordPolicy::new(PolicyDraft { forbidden_words: vec!["word".into(); 200], ..draft() }).is_ok());
        refused(
            PolicyDraft { forbidden_words: vec!["word".into(); 201], ..draft() },
            &[("/forbidden_words", "too_many")],
        );
    }
}
