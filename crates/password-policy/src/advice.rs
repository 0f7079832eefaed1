//! Estimates how strong a password is and what would improve it: for live feedback while somebody types.

use zeroize::Zeroizing;
use zxcvbn::feedback::Feedback;

use crate::{Context, Password};

/// Code points that are examined. The time grows with their square; further ones only make a password better.
const EXAMINED: usize = 40;

/// Words about the user that are examined.
const EXAMINED_WORDS: usize = 50;

/// An estimate by zxcvbn. It rejects nothing: that is for [`check`](crate::check()).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    score: u8,
    warning: Option<String>,
    suggestions: Vec<String>,
}

impl Advice {
    /// From 0 (guessed at once) to 4 (very hard to guess). Below 3 there is a suggestion.
    pub const fn score(&self) -> u8 {
        self.score
    }

    /// What is weak about the password, in one sentence.
    pub fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    /// What would improve it, a sentence each.
    pub fn suggestions(&self) -> &[String] {
        &self.suggestions
    }
}

/// Estimates a password for a user about whom an attacker knows the words of `context`.
///
/// Takes a few milliseconds at most. The estimate of dates in passwords depends on the current year, which zxcvbn gets
/// from the system; zxcvbn also measures the time of its own work, and leaves copies of the password in memory.
pub fn advise(password: &Password, context: &Context) -> Advice {
    let examined: Zeroizing<String> = Zeroizing::new(password.expose().chars().take(EXAMINED).collect());
    let words: Vec<_> = context.words().take(EXAMINED_WORDS).collect();
    let estimate = zxcvbn::zxcvbn(&examined, &words);
    let feedback = estimate.feedback();
    Advice {
        score: u8::from(estimate.score()),
        warning: feedback.and_then(Feedback::warning).map(|warning| warning.to_string()),
        suggestions: feedback.map_or_else(Vec::new, |it| it.suggestions().iter().map(ToString::to_string).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ContextSource;

    fn advice(text: &str) -> Advice {
        let context = Context::new([(ContextSource::Username, "wilhelmina.vanderberg"), (ContextSource::Email, "a@b")]);
        advise(&Password::new(text).unwrap(), &context)
    }

    #[test]
    fn weak_passwords_get_a_suggestion_and_strong_ones_none() {
        for (text, score) in [
            ("password", 0..=0),
            ("Passw0rd!", 0..=1),
            ("wilhelmina", 0..=1),
            ("vanderberg", 0..=1),
            ("correct horse battery staple", 4..=4),
            ("vK9$mQ2!xR7#", 4..=4),
            ("пароль от почты и ещё кое-что", 4..=4),
        ] {
            let advice = advice(text);
            assert!(score.contains(&advice.score()), "{text}: {advice:?}");
            assert_eq!(advice.suggestions().is_empty(), advice.score() > 2, "{text}: {advice:?}");
        }
        assert_eq!(advice("password").warning(), Some("This is a top-10 common password."));
    }

    #[test]
    fn long_and_strange_passwords_are_no_trouble() {
        for text in ["\0", "\u{10ffff}", "👩‍🚀"].map(|text| text.repeat(256 / text.chars().count())) {
            assert!(advice(&text).score() <= 4);
        }
        let long: String = ('a'..='z').cycle().take(256).collect();
        assert!(advice(&long).score() <= 4);
    }
}
