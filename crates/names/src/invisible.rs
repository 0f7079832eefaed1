//! Finds invisible characters: with them two names look alike, or text runs in the other direction (UTS 39 §3, UTR 36
//! §2.5).

use unicode_properties::{GeneralCategory, UnicodeEmoji as _, UnicodeGeneralCategory as _};
use unicode_script::{Script, UnicodeScript as _};

/// Why a character must not be part of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Hidden {
    /// A control character or a line end.
    #[error("it has control characters or line breaks")]
    Control,
    /// An invisible character that changes the direction, joins, separates or selects.
    #[error("it has invisible characters")]
    Invisible,
    /// A code point without a generally agreed meaning.
    #[error("it has characters without an agreed meaning")]
    Meaningless,
}

const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';
const EMOJI_PRESENTATION: char = '\u{fe0f}';

/// The first hidden character in `text`, if there is one. Joiners are allowed where they have a visible effect: within
/// emoji, and between letters of scripts that join or form conjuncts (UTS 39 §3.1.1.1).
pub fn find_hidden(text: &str) -> Option<Hidden> {
    let mut before: Option<char> = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let after = rest.clone().next();
        let hidden = match c {
            EMOJI_PRESENTATION => {
                // A digit is technically an emoji, but only in a keycap.
                let seen = before.is_some_and(is_of_emoji) || after == Some('\u{20e3}');
                (!seen).then_some(Hidden::Invisible)
            }
            ZERO_WIDTH_JOINER if before.is_some_and(is_of_emoji) => {
                (!after.is_some_and(char::is_emoji_char)).then_some(Hidden::Invisible)
            }
            ZERO_WIDTH_JOINER | ZERO_WIDTH_NON_JOINER => {
                let joined = before.is_some_and(joins) && after.is_some_and(joins);
                (!joined).then_some(Hidden::Invisible)
            }
            _ => what_is_wrong_with(c),
        };
        if hidden.is_some() {
            return hidden;
        }
        before = Some(c);
    }
    None
}

/// Whether `text` shows nothing: no character at all, or only white space and invisible ones.
pub fn is_blank(text: &str) -> bool {
    let is_seen =
        |c: char| !c.is_whitespace() && !matches!(what_is_wrong_with(c), Some(Hidden::Control | Hidden::Invisible));
    !crate::fold(text).chars().any(is_seen)
}

fn what_is_wrong_with(c: char) -> Option<Hidden> {
    match c.general_category() {
        GeneralCategory::Control | GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator => {
            Some(Hidden::Control)
        }
        GeneralCategory::Format => Some(Hidden::Invisible),
        GeneralCategory::PrivateUse | GeneralCategory::Surrogate | GeneralCategory::Unassigned => {
            Some(Hidden::Meaningless)
        }
        _ if is_ignorable(c) => Some(Hidden::Invisible),
        _ => None,
    }
}

/// Characters that Unicode calls default ignorable although their category is that of a letter or a mark
/// (DerivedCoreProperties.txt).
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn is_of_emoji(c: char) -> bool {
    c == EMOJI_PRESENTATION || (c.is_emoji_char() && !c.is_ascii())
}

/// Whether a joiner next to this letter has a visible effect.
fn joins(c: char) -> bool {
    matches!(
        c.script(),
        Script::Arabic
            | Script::Syriac
            | Script::Mongolian
            | Script::Nko
            | Script::Devanagari
            | Script::Bengali
            | Script::Gurmukhi
            | Script::Gujarati
            | Script::Oriya
            | Script::Tamil
            | Script::Telugu
            | Script::Kannada
            | Script::Malayalam
            | Script::Sinhala
            | Script::Khmer
            | Script::Myanmar
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_call_themselves_has_nothing_hidden() {
        for name in [
            "ann smith@example.com",
            "100% + more & co",
            "анна",
            "安娜",
            "👩‍🚀",
            "❤️",
            "1️⃣",
            "👨‍👩‍👧‍👦 family",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "יוסי",
            "Ægir Þór",
            "ʻOkina",
            "Ngũgĩ wa Thiong’o",
            "한국어",
            "e\u{301}",
        ] {
            assert_eq!(find_hidden(name), None, "{name:?}");
        }
    }

    #[test]
    fn what_nobody_sees_is_found() {
        for (name, hidden) in [
            ("a\0b", Hidden::Control),
            ("a\nb", Hidden::Control),
            ("a\u{2028}b", Hidden::Control),
            ("a\u{200b}b", Hidden::Invisible),
            ("a\u{200d}b", Hidden::Invisible),
            ("a\u{200c}b", Hidden::Invisible),
            ("a\u{feff}", Hidden::Invisible),
            ("a\u{ad}b", Hidden::Invisible),
            ("\u{202e}nna", Hidden::Invisible),
            ("a\u{2066}b\u{2069}", Hidden::Invisible),
            ("a\u{fe0f}", Hidden::Invisible),
            ("1\u{fe0f}", Hidden::Invisible),
            ("a\u{3164}", Hidden::Invisible),
            ("👩\u{200d}", Hidden::Invisible),
            ("👩\u{200d}a", Hidden::Invisible),
            ("می\u{200c}", Hidden::Invisible),
            ("\u{200c}می", Hidden::Invisible),
            ("a\u{200d}ष", Hidden::Invisible),
            ("a\u{e0041}", Hidden::Invisible),
            ("\u{e000}", Hidden::Meaningless),
            ("\u{378}", Hidden::Meaningless),
        ] {
            assert_eq!(find_hidden(name), Some(hidden), "{name:?}");
        }
    }

    #[test]
    fn what_shows_nothing_is_blank() {
        for blank in [
            "",
            " ",
            "\t\r\n",
            "\0",
            "\u{a0}",
            "\u{3000}",
            "\u{2028}",
            "\u{200b}",
            " \u{200b} ",
            "\u{200d}\u{fe0f}",
            "\u{2060}",
            "\u{feff}",
            "\u{ad}",
            "\u{3164}",
            "\u{ffa0}",
            "\u{2800}",
            "\u{e0041}",
        ] {
            assert!(is_blank(blank), "{blank:?}");
        }
        for seen in ["a", " a ", "\u{200b}a", ".", "%", "安", "❤\u{fe0f}", "¨", "\u{301}", "0"] {
            assert!(!is_blank(seen), "{seen:?}");
        }
    }
}
