//! Keys of a search index for names.
//!
//! The index holds every run of three characters, and so finds a text anywhere in a name. Each run becomes a number
//! that only this account has, so that a search reads nothing of other accounts; beginnings of words of one and of two
//! characters have numbers of their own.

use sha2::{Digest as _, Sha256};

/// Runs that are looked up for one query; more of them would not narrow the result.
const MAX_KEYS_OF_QUERY: usize = 12;

/// The numbers under which something is found, sorted, without duplicates.
pub type SearchKeys = Vec<i64>;

/// The names of a user, as one searchable text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchedText {
    /// The names, folded, one per line.
    pub text: String,
    /// The keys under which they are found.
    pub keys: SearchKeys,
}

impl SearchedText {
    /// The names of a user of the account with the id `account`.
    pub fn new<'a>(account: &[u8; 16], names: impl IntoIterator<Item = &'a str>) -> Self {
        let lines: Vec<String> = names.into_iter().map(crate::fold).collect();
        let mut keys = SearchKeys::new();
        for line in &lines {
            let line: Vec<char> = line.chars().collect();
            keys.extend(line.windows(3).map(|run| key(account, "", run)));
            for (at, _) in line.iter().enumerate().filter(|(at, _)| begins_word(&line, *at)) {
                let word = line.get(at..).unwrap_or_default();
                keys.extend(word.get(..1).map(|run| key(account, "^", run)));
                keys.extend(word.get(..2).map(|run| key(account, "^", run)));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        Self { text: lines.join("\n"), keys }
    }
}

/// The keys to look up for `query`: every match has all of these keys. The reverse is not true, since a text may
/// contain them in another order, so from three characters on the text is compared too. `query` is folded and not
/// empty.
pub fn keys_of_query(account: &[u8; 16], query: &str) -> SearchKeys {
    let query: Vec<char> = query.chars().collect();
    let mut keys: SearchKeys = if query.len() < 3 {
        vec![key(account, "^", &query)]
    } else {
        query.windows(3).take(MAX_KEYS_OF_QUERY).map(|run| key(account, "", run)).collect()
    };
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn begins_word(line: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| line.get(before));
    match (before, line.get(at)) {
        (None, _) => true,
        (Some(before), Some(c)) => c.is_alphanumeric() && (!before.is_alphanumeric() || is_written_without_spaces(*c)),
        (Some(_), None) => false,
    }
}

/// Whether this character belongs to an East Asian script.
fn is_written_without_spaces(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn key(account: &[u8; 16], mark: &str, run: &[char]) -> i64 {
    let mut digest = Sha256::new().chain_update(account).chain_update(mark);
    for c in run {
        digest.update(u32::from(*c).to_be_bytes());
    }
    let digest: [u8; 32] = digest.finalize().into();
    digest.first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ACCOUNT: [u8; 16] = [7; 16];

    fn finds(query: &str, names: &[&str]) -> bool {
        let searched = SearchedText::new(&ACCOUNT, names.iter().copied());
        let query = crate::fold(query);
        let found = keys_of_query(&ACCOUNT, &query).iter().all(|key| searched.keys.contains(key));
        found && (query.chars().count() < 3 || searched.text.contains(&query))
    }

    #[test]
    fn beginnings_and_middles_are_found() {
        let ann = ["Ann", "Ann-Kathrin Müller", "ann.k@Example.org"];
        for query in ["a", "AN", "ann", "kat", "athr", "mü", "MÜLLER", "e", "ex", "org", "@exa", "ann-kathrin müller"]
        {
            assert!(finds(query, &ann), "{query}");
        }
        for query in ["x", "nn", "annn", "kathrin m.", "ann\nann", "müler", "gro"] {
            assert!(!finds(query, &ann), "{query}");
        }
        for query in ["安", "娜", "安娜", "王安娜"] {
            assert!(finds(query, &["王安娜"]), "{query}");
        }
        assert!(finds("👩", &["👩‍🚀"]));
    }

    #[test]
    fn another_account_has_other_keys() {
        let one = SearchedText::new(&ACCOUNT, ["ann"]);
        let other = SearchedText::new(&[8; 16], ["ann"]);
        assert!(one.keys.iter().all(|key| !other.keys.contains(key)));
    }

    proptest! {
        #[test]
        fn every_part_of_three_characters_or_more_is_found(name in "\\PC{3,20}", from in 0_usize..18, len in 3_usize..9) {
            let folded: Vec<char> = crate::fold(&name).chars().collect();
            let part: String = folded.iter().skip(from).take(len).collect();
            prop_assume!(part.chars().count() >= 3 && crate::fold(&part) == part);
            prop_assert!(finds(&part, &[&name]), "{} in {}", part, name);
        }
    }
}
