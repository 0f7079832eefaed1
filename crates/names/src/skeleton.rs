//! Skeletons of names, to find those that look the same (UTS 39 §4).

use unicode_normalization::UnicodeNormalization as _;

/// Names with the same skeleton look alike. `folded`: the name as returned by [`fold`](crate::fold()).
///
/// As in UTS 39, except for ASCII: its characters stand for themselves, so that two ASCII names are alike only when
/// they are equal. The standard's prototypes are made to compare *scripts*, and treat `m` like `rn`.
pub fn skeleton(folded: &str) -> String {
    let mut skeleton = String::with_capacity(folded.len());
    for c in folded.nfd() {
        if c.is_ascii() {
            skeleton.push(c);
            continue;
        }
        let prototype: String = unicode_security::skeleton(c.encode_utf8(&mut [0; 4])).collect();
        match prototype.as_str() {
            // The prototype of everything that looks like an m.
            "rn" => skeleton.push('m'),
            other => skeleton.extend(other.chars().flat_map(char::to_lowercase)),
        }
    }
    skeleton.nfd().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fold;

    fn alike(one: &str, other: &str) -> bool {
        skeleton(&fold(one)) == skeleton(&fold(other))
    }

    #[test]
    fn a_letter_of_another_script_does_not_make_another_name() {
        for (one, other) in [
            ("paypal", "pаypаl"), // Cyrillic а
            ("coco", "сосо"),     // Cyrillic, all of it
            ("ann", "ɑnn"),       // Latin alpha
            ("tom", "tоm"),       // Cyrillic о beside an m
            ("nikos", "nikοs"),   // Greek omicron
            ("ivan", "іvan"),     // Ukrainian і
            ("ann", "a\u{200b}nn"),
        ] {
            assert!(alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn honest_names_of_one_script_stay_apart() {
        for (one, other) in [
            ("modern", "modem"),
            ("user1", "userl"),
            ("user10", "user1o"),
            ("barnes", "bames"),
            ("анна", "инна"),
            ("anna", "анна"),
            ("müller", "muller"),
            ("安娜", "安那"),
            ("👩‍🚀", "👨‍🚀"),
        ] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn two_names_of_ascii_are_alike_only_when_they_are_equal(one in "[ -~]{1,12}", other in "[ -~]{1,12}") {
            prop_assert_eq!(alike(&one, &other), fold(&one) == fold(&other));
            prop_assert!(alike(&one, &one));
        }
    }
}
