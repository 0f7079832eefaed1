//! Classes of characters.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// The classes of characters that a rule can require, by Unicode's general category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// `Lu` and `Lt`: `A`, `É`, `Σ`, `ǅ`.
    Uppercase,
    /// `Ll`: `a`, `é`, `ß`.
    Lowercase,
    /// `N*`: `7`, `٣`, and also `Ⅷ`, `½`, `²`. A user who types `½` has typed a number; a message that there is none
    /// would be wrong, and the password is no weaker for it.
    Digit,
    /// Neither a letter, a mark nor a number: `!`, `€`, a space, an emoji, a control character.
    Special,
    /// Letters without case (`日`, `א`, `ª`) and combining marks. They count for the length alone.
    Other,
}

impl Class {
    pub(crate) fn of(c: char) -> Self {
        match c.general_category_group() {
            GeneralCategoryGroup::Letter => Self::of_letter(c),
            GeneralCategoryGroup::Mark => Self::Other,
            GeneralCategoryGroup::Number => Self::Digit,
            GeneralCategoryGroup::Punctuation
            | GeneralCategoryGroup::Symbol
            | GeneralCategoryGroup::Separator
            | GeneralCategoryGroup::Other => Self::Special,
        }
    }

    fn of_letter(c: char) -> Self {
        use unicode_properties::GeneralCategory::{LowercaseLetter, TitlecaseLetter, UppercaseLetter};
        match c.general_category() {
            UppercaseLetter | TitlecaseLetter => Self::Uppercase,
            LowercaseLetter => Self::Lowercase,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Class::*, *};

    #[test]
    fn the_general_category_decides() {
        for (class, characters) in [
            (Uppercase, "AZÉÀÖΣЖԱǅ𝐀"),
            (Lowercase, "azéàößσжﬁ𝐚"),
            (Digit, "09٣०๙Ⅷ½²①㊿𝟘"),
            (Special, " !~€£\u{a0}\u{3000}\0\n\t\u{7f}\u{200d}\u{feff}👩🚀—«»^`´\u{e000}\u{10ffff}"),
            (Other, "日本語אابªʰกที\u{301}\u{20dd}ー"),
        ] {
            for c in characters.chars() {
                assert_eq!(Class::of(c), class, "U+{:04X} {c}", u32::from(c));
            }
        }
    }
}
