//! Parses user names: as typed, and as compared.

use names::{find_hidden, fold};

/// Code points that a user name may have.
const MAX_LENGTH: usize = 128;

/// A valid user name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Username {
    /// As typed, without outer white space.
    pub text: String,
    /// As compared: compatible forms and cases are one name (Unicode's NFKC, in lowercase).
    pub key: String,
}

impl Username {
    /// Parses what was typed; the error says what is wrong with it.
    pub(crate) fn parse(typed: &str) -> Result<Self, &'static str> {
        let text = typed.trim();
        if text.is_empty() {
            return Err("a username must have at least one character");
        }
        if text.chars().nth(MAX_LENGTH).is_some() {
            return Err("a username must have at most 128 characters");
        }
        if find_hidden(text).is_some() {
            return Err("a username must not have line breaks or control, invisible or unassigned characters");
        }
        let key = fold(text);
        let key = key.trim();
        if key.is_empty() {
            return Err("a username must have at least one visible character");
        }
        Ok(Self { text: text.to_owned(), key: key.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_many_spellings_has_one_key() {
        for (one, other) in
            [("Ann", "aNN"), (" ann\t", "ann"), ("é", "e\u{301}"), ("ＡＮＮ", "ann"), ("ﬁ", "FI"), ("ÄÖ", "äö")]
        {
            assert_eq!(Username::parse(one).unwrap().key, Username::parse(other).unwrap().key, "{one} {other}");
        }
        assert_ne!(Username::parse("ann").unwrap().key, Username::parse("anna").unwrap().key);
    }

    #[test]
    fn names_of_all_kinds_are_names_and_stay_as_typed() {
        for name in ["ann smith@example.com", "100% + more & co", "анна", "安娜", "👩‍🚀", &"x".repeat(128)]
        {
            assert_eq!(Username::parse(name).unwrap().text, name);
        }
        for bad in ["", " ", "\u{3000}", "a\0b", "a\nb", "a\u{200b}b", "\u{202e}nna", &"x".repeat(129)] {
            assert!(Username::parse(bad).is_err(), "{bad:?}");
        }
    }
}
