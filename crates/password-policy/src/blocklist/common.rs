//! Finds common passwords, also in disguise.

use std::{iter, sync::LazyLock};

use fst::Set;
use zeroize::Zeroizing;

use super::{fold::fold, normalised};
use crate::strength::Class;

/// Made by the build script from `data/common-passwords.txt`.
static LIST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/common-passwords.fst"));

#[expect(clippy::expect_used, reason = "the build script wrote it; reading checks the header only")]
static COMMON: LazyLock<Set<&[u8]>> = LazyLock::new(|| Set::new(LIST).expect("the list of common passwords is a set"));

/// The most digits and signs at the end that are ignored. Longer endings add strength of their own.
const MAX_ENDING: usize = 6;

/// Code points that must be left before the ending.
const MIN_BASE: usize = 4;

/// The length from which on the list has every kind of password, not just words.
const FULL_LIST: usize = 8;

/// The longest unit, in code points, that makes a poor password however often it is repeated.
const MAX_UNIT: usize = 4;

/// Whether the password is common, case-insensitive, with signs for letters, with digits or signs at its end, repeated,
/// or a run such as `abcdefgh`.
pub(crate) fn is_common(password: &str) -> bool {
    let text = normalised(password);
    let chars: Zeroizing<Vec<char>> = Zeroizing::new(text.chars().flat_map(char::to_lowercase).collect());
    bases(&text).any(is_listed) || is_run(&chars) || is_repetition(&chars)
}

/// The text, and what is left of it when digits and signs are removed from its end one by one.
fn bases(text: &str) -> impl Iterator<Item = &str> {
    iter::successors(Some(text), |text| without_last(text)).take(1 + MAX_ENDING).filter(|base| is_base(base))
}

fn without_last(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    let last = chars.next_back()?;
    matches!(Class::of(last), Class::Digit | Class::Special).then_some(chars.as_str())
}

/// Short entries of the list are words: a text of mostly digits is not one, even if it folds into one.
fn is_base(text: &str) -> bool {
    let length = text.chars().count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    length >= FULL_LIST || (length >= MIN_BASE && 2 * letters >= length)
}

fn is_listed(text: &str) -> bool {
    COMMON.contains(Zeroizing::new(fold(text.chars())).as_bytes())
}

/// Whether each character follows the one before it, up or down: `abcdefgh`, `87654321`.
fn is_run(chars: &[char]) -> bool {
    let step = |pair: &[char]| match pair {
        [from, to] => i64::from(u32::from(*to)) - i64::from(u32::from(*from)),
        _ => 0,
    };
    let mut steps = chars.windows(2).map(step);
    match steps.next() {
        Some(first @ (1 | -1)) => steps.all(|step| step == first),
        _ => false,
    }
}

/// Whether the password repeats one short or common text: `abcabcabc`, `password1password1`.
fn is_repetition(chars: &[char]) -> bool {
    let period = (1..=chars.len() / 2).find(|&period| chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b));
    period.is_some_and(|period| {
        let unit: Zeroizing<String> = Zeroizing::new(chars.iter().take(period).collect());
        period <= MAX_UNIT || bases(&unit).any(is_listed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries of the list in their original spelling, of at least 8 characters.
    fn entries() -> impl Iterator<Item = &'static str> {
        include_str!("../../data/common-passwords.txt").lines().filter(|line| line.len() >= 8)
    }

    #[test]
    fn the_list_has_more_than_100_000_passwords_of_8_characters() {
        assert_eq!(entries().count(), 148_809);
        assert!(COMMON.len() > 100_000, "{}", COMMON.len());
        // ASVS 5.0 §6.2.4: 3,000 that satisfy the policy, for the modern preset too.
        assert!(entries().filter(|line| line.len() >= 15).count() > 9_000);
    }

    #[test]
    fn the_list_is_small_and_whole() {
        assert!(LIST.len() < 1_000_000, "{} bytes", LIST.len());
        COMMON.as_fst().verify().unwrap();
    }

    #[test]
    fn every_entry_is_common_in_upper_case_and_with_an_ending() {
        for entry in entries().step_by(97) {
            assert!(is_common(entry), "{entry}");
            assert!(is_common(&entry.to_uppercase()), "{entry}");
            assert!(is_common(&format!("{entry}2026!?")), "{entry}");
        }
    }

    #[test]
    fn disguises_of_common_passwords_are_common() {
        for text in [
            "password",
            "PassWord",
            "P@$$w0rd",
            "p4ssw0rd!",
            "passw0rd2026!",
            "ｐａｓｓｗｏｒｄ",
            "pa\u{17f}\u{17f}word",
            "pa55w0rd€€€",
            "Dragon2026!",
            "dr4g0n#123",
            "dr460n!?",
            "monkey٣٤٥٦",
            "1qaz2wsx3edc4rfv",
            "abcdefgh",
            "AbCdEfGhIjKlMnO",
            "zyxwvuts",
            "0123456789:;<=>",
            "αβγδεζηθ",
            "θηζεδγβα",
            "aaaaaaaaaaaaaaaa",
            "日日日日日日日日",
            "abcabcabcab",
            "Xq7!Xq7!Xq7!Xq7!",
            "password1password1",
            "Football2football2",
        ] {
            assert!(is_common(text), "{text}");
        }
    }

    #[test]
    fn other_passwords_are_not() {
        for text in [
            "correct horse battery staple",
            "passwordless future",
            "my password is long",
            "Wx7#kLp2",
            "vK9$mQ2!xR",
            "dragon flies over Lisbon",
            "dragon739201842",
            "10573829",
            "73920185",
            "zwölf Boxkämpfer",
            "пароль от почты",
            "αγεηιλνο", // in order, but not one after the other
            "Xq7!Xq7!Xq7?Xq7!",
            "",
            "a",
            "\0",
        ] {
            assert!(!is_common(text), "{text:?}");
        }
    }
}
