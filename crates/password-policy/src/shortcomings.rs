//! Remembers what was wrong with a password that is no longer at hand.

use crate::{ContextSource, Failure, Rules};

/// The rules that a password broke when it was typed, for a login that requires another one. The password itself is not
/// kept; so when the rules change before the login continues, only what is certain counts: a password that had fewer
/// than 12 characters has fewer than 15, and may have 8.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shortcomings(Vec<Failure>);

impl Shortcomings {
    /// None.
    pub const NONE: Self = Self(Vec::new());

    /// The rules that were broken.
    pub fn new(failures: Vec<Failure>) -> Self {
        Self(failures)
    }

    /// Whether no rule was broken.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is certainly wrong with the password under `rules`. `words_forbidden`: whether the account forbids words.
    pub fn under(&self, rules: Rules, words_forbidden: bool) -> Vec<Failure> {
        self.0.iter().filter_map(|failure| failure.under(rules, words_forbidden)).collect()
    }

    /// The text for the database; `None` when there are none.
    pub fn to_text(&self) -> Option<String> {
        let words: Vec<_> = self.0.iter().map(|failure| failure.to_word()).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// Parses what [`to_text`](Self::to_text) wrote; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Self> {
        text.split(' ').map(Failure::from_word).collect::<Option<_>>().map(Self)
    }
}

const SOURCES: [(ContextSource, &str); 5] = [
    (ContextSource::Account, "account"),
    (ContextSource::Username, "username"),
    (ContextSource::Email, "email"),
    (ContextSource::Product, "product"),
    (ContextSource::Forbidden, "forbidden"),
];

impl Failure {
    fn under(self, rules: Rules, words_forbidden: bool) -> Option<Self> {
        // A password below the required number is also below a greater one.
        let still = |asked_then: u8, asks: u8, failure: fn(u8) -> Self| (asks >= asked_then).then(|| failure(asks));
        match self {
            Self::TooShort(least) => still(least, rules.min_length(), Self::TooShort),
            Self::NeedsUppercase(least) => still(least, rules.min_uppercase(), Self::NeedsUppercase),
            Self::NeedsLowercase(least) => still(least, rules.min_lowercase(), Self::NeedsLowercase),
            Self::NeedsDigit(least) => still(least, rules.min_digits(), Self::NeedsDigit),
            Self::NeedsSpecial(least) => still(least, rules.min_specials(), Self::NeedsSpecial),
            Self::ContainsContextWord(ContextSource::Forbidden) => words_forbidden.then_some(self),
            Self::TooLong | Self::Common | Self::ContainsContextWord(_) | Self::Reused | Self::Breached => Some(self),
        }
    }

    fn to_word(self) -> String {
        match self {
            Self::TooShort(least)
            | Self::NeedsUppercase(least)
            | Self::NeedsLowercase(least)
            | Self::NeedsDigit(least)
            | Self::NeedsSpecial(least) => format!("{}:{least}", self.code()),
            Self::ContainsContextWord(source) => {
                let name = SOURCES.iter().find(|(known, _)| *known == source).map_or("", |(_, name)| name);
                format!("{}:{name}", self.code())
            }
            Self::TooLong | Self::Common | Self::Reused | Self::Breached => self.code().to_owned(),
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        let (code, detail) = word.split_once(':').unwrap_or((word, ""));
        let least = || detail.parse().ok();
        match code {
            "too_short" => least().map(Self::TooShort),
            "needs_uppercase" => least().map(Self::NeedsUppercase),
            "needs_lowercase" => least().map(Self::NeedsLowercase),
            "needs_digit" => least().map(Self::NeedsDigit),
            "needs_special" => least().map(Self::NeedsSpecial),
            "contains_context_word" => {
                SOURCES.iter().find(|(_, name)| *name == detail).map(|(source, _)| Self::ContainsContextWord(*source))
            }
            "too_long" => Some(Self::TooLong),
            "common" => Some(Self::Common),
            "reused" => Some(Self::Reused),
            "breached" => Some(Self::Breached),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Preset, SignIn};

    fn every_kind() -> Vec<Failure> {
        let counted =
            [Failure::TooShort(12), Failure::NeedsUppercase(1), Failure::NeedsLowercase(2), Failure::NeedsDigit(3)];
        let plain = [Failure::NeedsSpecial(4), Failure::TooLong, Failure::Common, Failure::Reused, Failure::Breached];
        let words = SOURCES.map(|(source, _)| Failure::ContainsContextWord(source));
        counted.into_iter().chain(plain).chain(words).collect()
    }

    #[test]
    fn what_is_written_reads_back() {
        let all = Shortcomings::new(every_kind());
        assert_eq!(Shortcomings::from_text(&all.to_text().unwrap()), Some(all));
        assert_eq!(Shortcomings::NONE.to_text(), None);
        assert!(Shortcomings::NONE.is_empty() && !Shortcomings::new(every_kind()).is_empty());
        for bad in ["", "too_short", "too_short:x", "too_short:256", "common ", "contains_context_word:", "else"] {
            assert_eq!(Shortcomings::from_text(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_what_is_certain_counts_under_other_rules() {
        use Failure::{Common, NeedsDigit, TooShort};
        let under = |failure, preset: Preset, sign_in| {
            Shortcomings::new(vec![failure]).under(preset.rules(sign_in), false).first().copied()
        };
        let (alone, guarded) = (SignIn::PasswordOnly, SignIn::WithSecondFactor);
        assert_eq!(under(TooShort(15), Preset::Modern, alone), Some(TooShort(15)));
        assert_eq!(under(TooShort(12), Preset::Modern, alone), Some(TooShort(15)));
        assert_eq!(under(TooShort(15), Preset::Modern, guarded), None);
        assert_eq!(under(NeedsDigit(1), Preset::Medium, alone), Some(NeedsDigit(1)));
        assert_eq!(under(NeedsDigit(1), Preset::Basic, alone), None);
        assert_eq!(under(Common, Preset::Basic, alone), Some(Common));
    }

    #[test]
    fn words_of_the_account_count_while_it_forbids_some() {
        let forbidden = Shortcomings::new(vec![Failure::ContainsContextWord(ContextSource::Forbidden)]);
        let rules = Preset::Basic.rules(SignIn::PasswordOnly);
        assert_eq!((forbidden.under(rules, true).len(), forbidden.under(rules, false).len()), (1, 0));
    }
}
