//! Why a new password is refused.

use std::fmt;

use crate::ContextSource;

/// One rule that a new password breaks. `Display` gives the sentence for the user who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Fewer code points than this.
    TooShort(u8),
    /// More than 256 code points.
    TooLong,
    /// Fewer uppercase letters than this.
    NeedsUppercase(u8),
    /// Fewer lowercase letters than this.
    NeedsLowercase(u8),
    /// Fewer numbers than this.
    NeedsDigit(u8),
    /// Fewer special characters than this.
    NeedsSpecial(u8),
    /// Among the passwords that attackers try first, in whatever disguise.
    Common,
    /// Contains a word that a stranger can guess.
    ContainsContextWord(ContextSource),
    /// One of the user's previous passwords. Does not say which one.
    Reused,
    /// Known from a breach.
    Breached,
}

impl Failure {
    /// The stable code in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort(_) => "too_short",
            Self::TooLong => "too_long",
            Self::NeedsUppercase(_) => "needs_uppercase",
            Self::NeedsLowercase(_) => "needs_lowercase",
            Self::NeedsDigit(_) => "needs_digit",
            Self::NeedsSpecial(_) => "needs_special",
            Self::Common => "common",
            Self::ContainsContextWord(_) => "contains_context_word",
            Self::Reused => "reused",
            Self::Breached => "breached",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort(least) => write!(f, "Use at least {least} characters."),
            Self::TooLong => write!(f, "Use at most {} characters.", crate::MAX_LENGTH),
            Self::NeedsUppercase(least) => at_least(f, *least, "uppercase letter"),
            Self::NeedsLowercase(least) => at_least(f, *least, "lowercase letter"),
            Self::NeedsDigit(least) => at_least(f, *least, "number"),
            Self::NeedsSpecial(least) => at_least(f, *least, "special character, such as ! or a space"),
            Self::Common => f.write_str("This password is too common: it is among the first that an attacker tries."),
            Self::ContainsContextWord(source) => f.write_str(match source {
                ContextSource::Account => "Leave out the name of your organization.",
                ContextSource::Username => "Leave out your own name.",
                ContextSource::Email => "Leave out your email address.",
                ContextSource::Product => "Leave out the name of the product.",
                ContextSource::Forbidden => "Leave out words that your organization does not allow in passwords.",
            }),
            Self::Reused => f.write_str("You have used this password before: choose a new one."),
            Self::Breached => f.write_str("This password is known from a data breach: choose another one."),
        }
    }
}

fn at_least(f: &mut fmt::Formatter<'_>, least: u8, what: &str) -> fmt::Result {
    match (least, what.split_once(',')) {
        (1, _) => write!(f, "Use at least one {what}."),
        (_, Some((noun, rest))) => write!(f, "Use at least {least} {noun}s,{rest}."),
        (_, None) => write!(f, "Use at least {least} {what}s."),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;

    use super::{Failure::*, *};

    /// Front ends switch on the codes and show the sentences.
    #[test]
    fn codes_and_sentences() {
        let sources = [
            ContextSource::Account,
            ContextSource::Username,
            ContextSource::Email,
            ContextSource::Product,
            ContextSource::Forbidden,
        ];
        let mut table = String::new();
        for failure in [TooShort(15), TooLong]
            .into_iter()
            .chain(
                [1, 3].into_iter().flat_map(|n| [NeedsUppercase(n), NeedsLowercase(n), NeedsDigit(n), NeedsSpecial(n)]),
            )
            .chain([Common])
            .chain(sources.map(ContainsContextWord))
            .chain([Reused, Breached])
        {
            writeln!(table, "{:<22}{failure}", failure.code()).unwrap();
        }
        expect![[r"
            too_short             Use at least 15 characters.
            too_long              Use at most 256 characters.
            needs_uppercase       Use at least one uppercase letter.
            needs_lowercase       Use at least one lowercase letter.
            needs_digit           Use at least one number.
            needs_special         Use at least one special character, such as ! or a space.
            needs_uppercase       Use at least 3 uppercase letters.
            needs_lowercase       Use at least 3 lowercase letters.
            needs_digit           Use at least 3 numbers.
            needs_special         Use at least 3 special characters, such as ! or a space.
            common                This password is too common: it is among the first that an attacker tries.
            contains_context_word Leave out the name of your organization.
            contains_context_word Leave out your own name.
            contains_context_word Leave out your email address.
            contains_context_word Leave out the name of the product.
            contains_context_word Leave out words that your organization does not allow in passwords.
            reused                You have used this password before: choose a new one.
            breached              This password is known from a data breach: choose another one.
        "]]
        .assert_eq(&table);
    }
}
