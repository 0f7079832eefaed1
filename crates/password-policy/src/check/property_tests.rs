//! Tests the rules against a naive implementation.

use proptest::prelude::*;

use super::*;
use crate::{ContextSource, CustomStrength, CustomStrengthDraft, Preset, SignIn};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Upper,
    Lower,
    Number,
    Special,
    Neither,
}

use Kind::{Lower, Neither, Number, Special, Upper};

/// Characters classified by hand, so that the test does not use the same tables as the code.
const SORTED: [(Kind, &str); 5] = [
    (Upper, "ABCXYZÀÉÎÕÜĀŽΑΣΩАЖЯԱՖႠᎠǅ"),
    (Lower, "abcxyzßàéîõüāžασςωажяաֆ"),
    (Number, "0123456789٠٣٩०९๐Ⅷⅻ½¼²³①"),
    (Special, " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~€£¥§©\u{a0}\u{2003}\u{200d}\u{feff}\t\n\r\0\u{7f}\u{85}。「」👩🚀💥"),
    (Neither, "日本語עבאبتกขคªº\u{300}\u{301}\u{308}\u{20d0}"),
];

fn character() -> impl Strategy<Value = (char, Kind)> {
    let all: Vec<_> = SORTED.iter().flat_map(|(kind, text)| text.chars().map(|c| (c, *kind))).collect();
    prop_oneof![
        3 => prop::sample::select(all),
        1 => (b'!'..=b'~').prop_map(|byte| {
            let kind = match byte {
                b'A'..=b'Z' => Upper,
                b'a'..=b'z' => Lower,
                b'0'..=b'9' => Number,
                _ => Special,
            };
            (char::from(byte), kind)
        }),
    ]
}

fn rules() -> impl Strategy<Value = Rules> {
    let presets = prop::sample::select(Preset::ALL.to_vec()).prop_flat_map(|preset| {
        prop::sample::select(vec![SignIn::PasswordOnly, SignIn::WithSecondFactor]).prop_map(move |it| preset.rules(it))
    });
    let custom = (8..=64_i64, [0..=4_i64, 0..=4, 0..=4, 0..=4]).prop_filter_map("contradiction", |(length, counts)| {
        let [min_uppercase, min_lowercase, min_digits, min_specials] = counts;
        let draft = CustomStrengthDraft { min_length: length, min_uppercase, min_lowercase, min_digits, min_specials };
        CustomStrength::new(draft).ok().map(CustomStrength::rules)
    });
    prop_oneof![1 => presets, 2 => custom]
}

/// A naive implementation of the rules.
fn naive(characters: &[(char, Kind)], rules: Rules) -> Vec<&'static str> {
    let mut codes = Vec::new();
    let mut count = std::collections::HashMap::new();
    for (_, kind) in characters {
        *count.entry(format!("{kind:?}")).or_insert(0_u32) += 1;
    }
    let has = |kind: Kind| count.get(&format!("{kind:?}")).copied().unwrap_or(0);
    if characters.len() < usize::from(rules.min_length()) {
        codes.push("too_short");
    }
    if has(Upper) < u32::from(rules.min_uppercase()) {
        codes.push("needs_uppercase");
    }
    if has(Lower) < u32::from(rules.min_lowercase()) {
        codes.push("needs_lowercase");
    }
    if has(Number) < u32::from(rules.min_digits()) {
        codes.push("needs_digit");
    }
    if has(Special) < u32::from(rules.min_specials()) {
        codes.push("needs_special");
    }
    codes
}

fn codes(text: &str, rules: Rules, context: &Context) -> Vec<&'static str> {
    check(&Password::new(text).unwrap(), rules, context).into_iter().map(Failure::code).collect()
}

/// Entries of the list that satisfy every preset's length, for the tests of disguises.
fn entry() -> impl Strategy<Value = String> {
    let entries: Vec<_> =
        include_str!("../../data/common-passwords.txt").lines().filter(|line| line.len() >= 8).step_by(41).collect();
    prop::sample::select(entries).prop_map(str::to_owned)
}

/// The text with some letters in the other case, some replaced by a sign.
fn disguised(text: String) -> impl Strategy<Value = String> {
    prop::collection::vec(0_u8..4, text.chars().count()).prop_map(move |choices| {
        let disguise = |(c, choice): (char, u8)| match (choice, c.to_ascii_lowercase()) {
            (0, _) => c.to_ascii_uppercase(),
            (1, _) => c.to_ascii_lowercase(),
            (2, 'a') => '@',
            (2, 'e') => '3',
            (2, 'i') => '1',
            (2, 'l') => '!',
            (2, 'o') => '0',
            (2, 's') => '$',
            (2, 't') => '7',
            _ => c,
        };
        text.chars().zip(choices).map(disguise).collect()
    })
}

proptest! {
    #[test]
    fn what_the_naive_rules_refuse_is_refused_for_the_same_reasons(
        characters in prop::collection::vec(character(), 1..40),
        rules in rules(),
    ) {
        let text: String = characters.iter().map(|(c, _)| c).collect();
        let mut codes = codes(&text, rules, &Context::default());
        codes.retain(|code| *code != "common");
        prop_assert_eq!(codes, naive(&characters, rules));
    }

    #[test]
    fn any_text_is_judged(text in "\\PC{1,256}", rules in rules()) {
        let failures = check(&Password::new(text).unwrap(), rules, &Context::default());
        prop_assert!(failures.iter().all(|failure| !failure.to_string().is_empty()));
    }

    #[test]
    fn a_common_password_is_refused_in_any_disguise(
        text in entry().prop_flat_map(disguised),
        ending in "[0-9!?.#*-]{0,6}",
        rules in rules(),
    ) {
        let text = text + &ending;
        prop_assert!(codes(&text, rules, &Context::default()).contains(&"common"), "{}", text);
    }

    #[test]
    fn a_context_word_is_refused_anywhere(
        before in "\\PC{0,12}",
        word in "[a-z]{4,12}",
        after in "\\PC{0,12}",
        rules in rules(),
    ) {
        let context = Context::new([(ContextSource::Forbidden, word.as_str())]);
        // Characters around the word must not merge with it, as combining marks do.
        let text = format!("{before} {} {after}", word.to_uppercase());
        prop_assert!(codes(&text, rules, &context).contains(&"contains_context_word"), "{}", text);
    }
}
