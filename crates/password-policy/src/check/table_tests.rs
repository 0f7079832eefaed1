//! Tests the failures of many passwords under each strength: `table.txt`, to be read as a diff. `UPDATE_EXPECT=1`
//! rewrites it.

use std::fmt::Write as _;

use expect_test::expect_file;

use super::*;
use crate::{ContextSource, CustomStrength, CustomStrengthDraft, Preset, SignIn};

const PASSWORDS: [&str; 76] = [
    // short
    "a",
    "Ab1!",
    "1234567",
    "Tz4!kWq",
    "éÉ٣€ab7",
    "👩‍🚀👩‍🚀7A",
    // 8 code points
    "Tz4!kWqp",
    "tzrkwqpm",
    "TZRKWQPM",
    "Tzrkwqpm",
    "tzrkwqp4",
    "tzrkwqp!",
    "TzrkwqP4",
    "Tzrkwqp!",
    "tzrkwq4!",
    "83521974",
    "!@;#%^&*",
    "        ",
    "zw qp km",
    "Zw qp k7",
    "Ézrkwqpm",
    "Ézrkwqp٣",
    "Ézrkwqp€",
    "Ézrkwq٣€",
    "ßzrkwqpm",
    "ǅzrkwqp7",
    "Tzrkwqp½",
    "Tzrkwqp²",
    "TzrkwqpⅧ",
    "日本語日本国語文",
    "日本語日本国語7",
    "пароварк",
    "Пароварк7",
    "Παράθυρ7!",
    "e\u{301}e\u{300}a\u{308}o\u{302}",
    "E\u{301}zrkwq7",
    "Tzrkwq\0\u{7}",
    "Tzrk\nwq7",
    "Tz\u{200d}rkwq7",
    "Ⓐzrkwqp7",
    "🚀zrkwqp7",
    "🚀🌍👩👨👧👦🐕🐈",
    "Tzrkwq7\u{a0}",
    "Tzrkwq7\u{3000}",
    // 9 to 14
    "tzrkwqpmx",
    "Vh5kTr9wLq2",
    "vh5ktr9wlq2b",
    "Vh5 kTr9 wLq!",
    "vhrktrqwlqgbxz",
    // 15 and more
    "vhrktrqwlqgbxzm",
    "Vh5!kTr9#wLq2$bX",
    "correct horse battery staple",
    "Correct Horse 7 Battery Staple!",
    "zwölf Boxkämpfer jagen Viktor",
    "пароль от почты моей бабушки",
    "noch ein langer satz ohne zahl",
    // common
    "password",
    "Password1",
    "P@ssw0rd!",
    "Passw0rd2026!",
    "qwertyui",
    "1qaz2wsx",
    "iloveyou1",
    "Dragon12!",
    "12345678",
    "123456789012345",
    "aaaaaaaa",
    "Abcdefgh",
    "passwordpassword",
    "Qwerty123456789!",
    // words about the user
    "Acme4ever!",
    "4cm3-Vh5k-Tr9w",
    "ann.smith in the sky",
    "SMITHereens7!",
    "Latchkey is not the password",
    "Coy0te;Vh5kTr",
];

fn strengths() -> [(&'static str, Rules); 6] {
    let custom =
        CustomStrengthDraft { min_length: 12, min_uppercase: 1, min_lowercase: 1, min_digits: 2, min_specials: 1 };
    [
        ("basic", Preset::Basic.rules(SignIn::PasswordOnly)),
        ("medium", Preset::Medium.rules(SignIn::PasswordOnly)),
        ("advanced", Preset::Advanced.rules(SignIn::PasswordOnly)),
        ("modern", Preset::Modern.rules(SignIn::PasswordOnly)),
        ("modern with a second factor", Preset::Modern.rules(SignIn::WithSecondFactor)),
        ("custom 12: 1 upper, 1 lower, 2 digits, 1 special", CustomStrength::new(custom).unwrap().rules()),
    ]
}

#[test]
fn every_strength_says_what_the_table_says() {
    let context = Context::new([
        (ContextSource::Account, "acme"),
        (ContextSource::Username, "ann.smith"),
        (ContextSource::Product, "Latchkey"),
        (ContextSource::Forbidden, "Coyote"),
    ]);
    let mut table = String::new();
    for text in PASSWORDS {
        let password = Password::new(text).unwrap();
        writeln!(table, "{text:?}, {} code points", password.length()).unwrap();
        for (name, rules) in strengths() {
            let failures = check(&password, rules, &context);
            let codes: Vec<_> = failures.into_iter().map(Failure::code).collect();
            writeln!(table, "    {name}: {}", if codes.is_empty() { "accepted".into() } else { codes.join(", ") })
                .unwrap();
        }
    }
    expect_file!["table.txt"].assert_eq(&table);
}

#[test]
fn a_text_that_is_no_password_has_a_failure_too() {
    let rules = Preset::Modern.rules(SignIn::PasswordOnly);
    for (text, code) in [(String::new(), "too_short"), ("é".repeat(257), "too_long")] {
        let why = Password::new(text).unwrap_err();
        assert_eq!(rules.failure_of(why).code(), code);
    }
    let longest: String = "Vh5!kTr9#wLq2$bX".chars().cycle().take(255).chain(['é']).collect();
    assert_eq!(check(&Password::new(longest).unwrap(), rules, &Context::default()), []);
}
