//! Tests Argon2 against the vectors of RFC 9106 §5 and against hashes made by the reference implementation in C.

use kernel::OsRandom;

use super::*;
use crate::Password;

const ASCII: &str = "correct horse battery staple";
const UNICODE: &str = "pässwörd ٣ 👩‍🚀";
const CONTROLS: &str = "a\0b\n";

/// Made with argon2-cffi 25.1: every variant and version, salts of 8, 16 and 32 bytes, hashes of 16, 32 and 64 bytes.
const FROM_C: [(&str, &str); 18] = [
    (ASCII, "$argon2i$v=16$m=32,t=3,p=4$AQIDBAUGBwgJCgsMDQ4PEA$RZ+JIo4iBlZVjf58k86oY0K/ds5ovL47pdu9mvLS29A"),
    (UNICODE, "$argon2i$v=16$m=8,t=1,p=1$AQIDBAUGBwg$8EHscx1VrXMMVfI2jbnCiw"),
    (
        CONTROLS,
        "$argon2i$v=16$m=64,t=2,p=1$AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA$+niCWBTMqkdWKSD2R0H3jDdAUcfeyRLBCKXlMQVs+lK4f1iaAip7HSVTxI+yhoz5y+t7F7F+jUSHcLGpoBpHew",
    ),
    (ASCII, "$argon2i$v=19$m=32,t=3,p=4$AQIDBAUGBwgJCgsMDQ4PEA$wKnl37o2qlX5yE/S82jPl9vzwTplQ6ueyhkhgXfg5BM"),
    (UNICODE, "$argon2i$v=19$m=8,t=1,p=1$AQIDBAUGBwg$H8LsPvss3IhY4n1cOc25yw"),
    (
        CONTROLS,
        "$argon2i$v=19$m=64,t=2,p=1$AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA$pSg99VtK2dZr+jyserXgtjEUPjH3S81pGtLpPbuPbgZezWie3W3ZRuEfvlI0DZNojR+ZA8EqsoREnGE2wAd/0Q",
    ),
    (ASCII, "$argon2d$v=16$m=32,t=3,p=4$AQIDBAUGBwgJCgsMDQ4PEA$3j0CDSCeirJ71IW2V7gZSBvpApL5ck5zHGqOhVpvpK4"),
    (UNICODE, "$argon2d$v=16$m=8,t=1,p=1$AQIDBAUGBwg$CONi6AVrh4N2KC6JfwdfXA"),
    (
        CONTROLS,
        "$argon2d$v=16$m=64,t=2,p=1$AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA$sJ91SVedF6HXYR/I0TSCuMOSE8q7SjMiRA7AIgAC8cX7cmyXBS3qZwqQrKFW/NqaLKfm7dQGIWsTJCdo/LkZUQ",
    ),
    (ASCII, "$argon2d$v=19$m=32,t=3,p=4$AQIDBAUGBwgJCgsMDQ4PEA$kjrhf7AXZe2QUeUYmNFOgAOl4sEzlLoiFmj9O988WLE"),
    (UNICODE, "$argon2d$v=19$m=8,t=1,p=1$AQIDBAUGBwg$CEKldtEZVWhApp87BQ5FmQ"),
    (
        CONTROLS,
        "$argon2d$v=19$m=64,t=2,p=1$AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA$y9OwocflNt6KYJ0CvpnBBGveMIjRzqoGsutse4s6OrgEX1QjZGTm8E8wgsuF7tSC0BUKc67qn1u1+xALzXLMXw",
    ),
    (ASCII, "$argon2id$v=16$m=32,t=3,p=4$AQIDBAUGBwgJCgsMDQ4PEA$+NMiLWjY7gM6ZzEtnubetJf/Kpnv1fiGPjQWPuGpjgs"),
    (UNICODE, "$argon2id$v=16$m=8,t=1,p=1$AQIDBAUGBwg$Db9JOjZNjumVGG0YgTKOhA"),
    (
        CONTROLS,
        "$argon2id$v=16$m=64,t=2,p=1$AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA$xuHwDA9K8otui5/DheLuBQr26+P+sov0VDRw9oF6vnl0RbePJVq8v2ZQGRp1iiwFrecCebiVSwauNMEqQHtAPQ",
    ),
    (ASCII, "$argon2id$v=19$m=32,t=3,p=4$AQIDBAUGBwgJCgsMDQ4PEA$c8YvZJG4PYmOqrO7Kpe7sR/HBNELo2M2ADLXmduI/Zc"),
    (UNICODE, "$argon2id$v=19$m=8,t=1,p=1$AQIDBAUGBwg$X8Y7Y+H/CcVwyXm0xBhmew"),
    (
        CONTROLS,
        "$argon2id$v=19$m=64,t=2,p=1$AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA$QIzKCn5LhxQruBHOFeYQzgPVTygN15ytyBPnrMACe+L718UeICJTHp4sycPfqYrGYa7eTR3qJtzlax2xcMYQSg",
    ),
];

/// The same at real-world costs.
const AT_REAL_COST: [&str; 2] = [
    "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$77UfmnZYT23WpPeUKhovauWm5OxRQv9nTf1dJ+tF5EY",
    "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0",
];

/// RFC 9106 §5.1 to §5.3: the password is 32 bytes of 1, the salt 16 of 2, the key 8 of 3, the associated data 12 of 4.
const FROM_THE_RFC: [&str; 3] = [
    "$argon2d$v=19$m=32,t=3,p=4,keyid=cmZj,data=BAQEBAQEBAQEBAQE$AgICAgICAgICAgICAgICAg$USs5G28RYpdTcdMJGXNClPho4745hPPBoTpNufq+Sss",
    "$argon2i$v=19$m=32,t=3,p=4,keyid=cmZj,data=BAQEBAQEBAQEBAQE$AgICAgICAgICAgICAgICAg$yBTZ0dx/N6oT8Nd/JJS9ocjeawFt04jSmVKkxGcrbOg",
    "$argon2id$v=19$m=32,t=3,p=4,keyid=cmZj,data=BAQEBAQEBAQEBAQE$AgICAgICAgICAgICAgICAg$DWQN9Y14dmwIwDejSotTydAe8EUtdbZetSUg6WsB5lk",
];

fn password(text: &str) -> Password {
    Password::new(text).unwrap()
}

fn hash(text: &str) -> PasswordHash {
    PasswordHash::parse(text).unwrap_or_else(|why| panic!("{why}: {text}"))
}

fn weak() -> Hasher {
    Hasher::new(HashParams::weak_for_tests())
}

#[test]
fn the_vectors_of_the_rfc() {
    let mut hasher = Hasher::with_peppers(HashParams::default(), Peppers::of_the_rfc());
    for text in FROM_THE_RFC {
        assert_eq!(hasher.verify(&password(&"\u{1}".repeat(32)), &hash(text)), Verified::YesButOutdated, "{text}");
        assert_eq!(hasher.verify(&password(&"\u{1}".repeat(31)), &hash(text)), Verified::No, "{text}");
    }
}

#[test]
fn hashes_of_the_reference_implementation_in_any_order_on_one_hasher() {
    let mut hasher = weak();
    for (right, text) in FROM_C {
        for candidate in [ASCII, UNICODE, CONTROLS] {
            let expected = if candidate == right { Verified::YesButOutdated } else { Verified::No };
            assert_eq!(hasher.verify(&password(candidate), &hash(text)), expected, "{candidate:?} {text}");
        }
    }
}

#[test]
fn hashes_at_real_cost_and_more_memory_than_ours() {
    let mut hasher = Hasher::new(HashParams::default());
    let expected = [Verified::YesButOutdated, Verified::Yes];
    for (text, expected) in AT_REAL_COST.into_iter().zip(expected) {
        assert_eq!(hasher.verify(&password(ASCII), &hash(text)), expected, "{text}");
    }
    assert_eq!(hasher.verify(&password(UNICODE), &hash(AT_REAL_COST[1])), Verified::No);
}

#[test]
fn a_hash_without_a_version_is_of_version_16() {
    for (right, text) in FROM_C.iter().filter(|(_, text)| text.contains("v=16$")) {
        let old = text.replace("v=16$", "");
        assert_eq!(weak().verify(&password(right), &hash(&old)), Verified::YesButOutdated, "{old}");
    }
}

#[test]
fn the_form_of_django() {
    let (right, text) = FROM_C[15];
    assert_eq!(weak().verify(&password(right), &hash(&format!("argon2{text}"))), Verified::YesButOutdated);
}

#[test]
fn a_new_hash_verifies_is_salted_and_current() {
    let mut hasher = weak();
    let (one, other) = (hasher.hash(&password(ASCII), &mut OsRandom), hasher.hash(&password(ASCII), &mut OsRandom));
    assert_ne!(one.as_str(), other.as_str());
    assert!(one.as_str().starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{}", one.as_str());
    assert_eq!(hasher.verify(&password(ASCII), &one), Verified::Yes);
    assert_eq!(hasher.verify(&password(UNICODE), &one), Verified::No);
    hasher.release_memory();
    assert_eq!(hasher.verify(&password(ASCII), &hash(other.as_str())), Verified::Yes);
}

#[test]
fn canonically_equal_texts_are_two_passwords() {
    let mut hasher = weak();
    let composed = hasher.hash(&password("caf\u{e9}"), &mut OsRandom);
    assert_eq!(hasher.verify(&password("cafe\u{301}"), &composed), Verified::No);
}

#[test]
fn other_costs_are_outdated_even_when_they_are_higher() {
    let made = weak().hash(&password(ASCII), &mut OsRandom);
    let mut today = Hasher::new(HashParams::default());
    assert_eq!(today.verify(&password(ASCII), &made), Verified::YesButOutdated);
    assert_eq!(weak().verify(&password(ASCII), &hash(AT_REAL_COST[1])), Verified::YesButOutdated);
}

#[test]
fn nobody_has_the_password_of_a_decoy() {
    let mut hasher = weak();
    let decoy = hasher.decoy(&mut OsRandom);
    let real = hasher.hash(&password(ASCII), &mut OsRandom);
    assert_eq!(decoy.as_str().len(), real.as_str().len());
    assert_eq!(decoy.as_str().rsplit_once('$').unwrap().0.len(), real.as_str().rsplit_once('$').unwrap().0.len());
    assert_eq!(hasher.verify(&password(ASCII), &decoy), Verified::No);
}

#[test]
fn a_pepper_is_named_in_the_hash_and_can_be_replaced() {
    let pepper = |id, byte| Pepper::new(id, vec![byte; 32]).unwrap();
    let with =
        |current, retired| Hasher::with_peppers(HashParams::weak_for_tests(), Peppers::new(current, retired).unwrap());
    let plain = weak().hash(&password(ASCII), &mut OsRandom);
    let old = with(Some(pepper("k1", 1)), vec![]).hash(&password(ASCII), &mut OsRandom);
    assert!(old.as_str().contains(",keyid="), "{}", old.as_str());
    for (mut hasher, expected_plain, expected_old) in [
        (with(Some(pepper("k1", 1)), vec![]), Verified::YesButOutdated, Verified::Yes),
        (with(Some(pepper("k2", 2)), vec![pepper("k1", 1)]), Verified::YesButOutdated, Verified::YesButOutdated),
        (with(None, vec![pepper("k1", 1)]), Verified::Yes, Verified::YesButOutdated),
        (with(Some(pepper("k1", 9)), vec![]), Verified::YesButOutdated, Verified::No),
        (with(Some(pepper("k2", 1)), vec![]), Verified::YesButOutdated, Verified::No),
        (weak(), Verified::Yes, Verified::No),
    ] {
        assert_eq!(hasher.verify(&password(ASCII), &plain), expected_plain, "{hasher:?}");
        assert_eq!(hasher.verify(&password(ASCII), &old), expected_old, "{hasher:?}");
    }
}

#[test]
fn a_key_id_alone_opens_nothing() {
    // A writer of hashes who does not know the key cannot claim it.
    let made = weak().hash(&password(ASCII), &mut OsRandom);
    let claimed = made.as_str().replace("p=1$", "p=1,keyid=azE$");
    assert_eq!(weak().verify(&password(ASCII), &hash(&claimed)), Verified::No);
}

#[test]
fn what_is_no_hash_is_refused_with_a_reason() {
    let rest = "$AQIDBAUGBwgJCgsMDQ4PEA$RZ+JIo4iBlZVjf58k86oY0K/ds5ovL47pdu9mvLS29A";
    for (text, part) in [
        (String::new(), "no known scheme"),
        ("hunter22".into(), "no known scheme"),
        ("$argon2x$v=19$m=8,t=1,p=1$AQIDBAUGBwg$X8Y7Y+H/CcVwyXm0xBhmew".into(), "no known scheme"),
        (format!("$argon2id$v=18$m=8,t=1,p=1{rest}"), "16 or 19"),
        (format!("$argon2id$v=19$m=8,t=1{rest}"), "m, t and p"),
        (format!("$argon2id$v=19$m=7,t=1,p=1{rest}"), "parameters are invalid"),
        (format!("$argon2id$v=19$m=8,t=0,p=1{rest}"), "parameters are invalid"),
        (format!("$argon2id$v=19$m=8,t=1,p=2{rest}"), "parameters are invalid"),
        (format!("$argon2id$v=19$m=8,t=1,p=1,x=1{rest}"), "parameters are invalid"),
        (format!("$argon2id$v=19$m=-8,t=1,p=1{rest}"), "parameters are invalid"),
        (format!("$argon2id$v=19$m=4294967295,t=1,p=1{rest}"), "too much"),
        (format!("$argon2id$v=19$m=262145,t=1,p=1{rest}"), "too much"),
        (format!("$argon2id$v=19$m=8,t=4294967295,p=1{rest}"), "too much"),
        (format!("$argon2id$v=19$m=1024,t=1,p=65{rest}"), "too much"),
        ("$argon2id$v=19$m=8,t=1,p=1".into(), "no salt"),
        ("$argon2id$v=19$m=8,t=1,p=1$AQIDBAUGBwg".into(), "missing"),
        ("$argon2id$v=19$m=8,t=1,p=1$AQID$X8Y7Y+H/CcVwyXm0xBhmew".into(), "not a PHC string"),
        ("$argon2id$v=19$m=8,t=1,p=1$AQIDBAUGBwg$????????????????".into(), "not a PHC string"),
        (format!("$argon2id$v=19$m=8,t=1,p=1{rest}$x"), "not a PHC string"),
        ("x".repeat(512), "no known scheme"),
        ("x".repeat(513), "longer than 512"),
        (format!(" $argon2id$v=19$m=8,t=1,p=1{rest}"), "no known scheme"),
    ] {
        let why = PasswordHash::parse(&text).err().map(|why| why.to_string()).unwrap_or_default();
        assert!(why.contains(part), "{text}: {why}");
    }
}

#[test]
fn the_highest_costs_are_accepted() {
    let rest = "$AQIDBAUGBwgJCgsMDQ4PEA$RZ+JIo4iBlZVjf58k86oY0K/ds5ovL47pdu9mvLS29A";
    for cost in ["m=262144,t=4,p=1", "m=1024,t=1024,p=1", "m=1024,t=1,p=64"] {
        assert!(PasswordHash::parse(&format!("$argon2id$v=19${cost}{rest}")).is_ok(), "{cost}");
    }
}

#[test]
fn debug_shows_neither_salt_nor_hash() {
    assert_eq!(format!("{:?}", hash(AT_REAL_COST[1])), "PasswordHash(argon2id, ..)");
    let hasher = format!("{:?}", Hasher::with_peppers(HashParams::default(), Peppers::of_the_rfc()));
    assert!(!hasher.contains('3') && hasher.contains("rfc"), "{hasher}");
}
