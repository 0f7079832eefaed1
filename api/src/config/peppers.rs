//! Parses secret keys for password hashes.

use data_encoding::BASE64URL_NOPAD;
use password_policy::{Pepper, Peppers};

/// First entry if new hashes are to use no key any more.
const NONE: &str = "none";

/// Reads entries `ID:KEY`, separated by line breaks or commas; KEY is base64url without padding. New hashes use the
/// first key, or none if the first entry is `none`; the others only verify.
///
/// # Errors
/// What is wrong, in words that quote nothing.
pub(super) fn parse(text: &str) -> Result<Peppers, String> {
    let entries = text.split([',', '\n']).map(str::trim).filter(|entry| !entry.is_empty());
    let mut current = None;
    let mut retired = Vec::new();
    for (place, entry) in entries.enumerate() {
        if place == 0 && entry == NONE {
            continue;
        }
        let pepper = pepper(entry).map_err(|why| format!("entry {}: {why}", place.saturating_add(1)))?;
        if place == 0 { current = Some(pepper) } else { retired.push(pepper) }
    }
    if current.is_none() && retired.is_empty() {
        return Err("must hold at least one ID:KEY".to_owned());
    }
    Peppers::new(current, retired).map_err(|why| why.to_string())
}

fn pepper(entry: &str) -> Result<Pepper, String> {
    let (id, key) = entry.split_once(':').ok_or("must be ID:KEY")?;
    let key = BASE64URL_NOPAD.decode(key.trim().as_bytes());
    let key = key.map_err(|_| "the key must be base64url without padding")?;
    Pepper::new(id.trim(), key).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thirty-two bytes.
    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    #[test]
    fn the_first_is_for_new_hashes_and_the_others_verify() {
        let shown = |text: &str| format!("{:?}", parse(text).unwrap());
        let both = "Peppers { current: Some(Pepper(k2, ..)), retired: [Pepper(k1, ..)] }";
        assert_eq!(shown(&format!("k2:{KEY}\nk1:{KEY}\n")), both);
        assert_eq!(shown(&format!(" k2:{KEY} , k1:{KEY}")), both);
        assert_eq!(shown(&format!("none\nk1:{KEY}")), "Peppers { current: None, retired: [Pepper(k1, ..)] }");
    }

    #[test]
    fn what_is_wrong_is_told_and_no_key_is_quoted() {
        for (text, why) in [
            (String::new(), "must hold at least one ID:KEY"),
            ("none".to_owned(), "must hold at least one ID:KEY"),
            (KEY.to_owned(), "entry 1: must be ID:KEY"),
            (format!("k1:{KEY}="), "entry 1: the key must be base64url without padding"),
            (format!("k1:{KEY},none"), "entry 2: must be ID:KEY"),
            (format!("k1:{KEY},too-long-id:{KEY}"), "entry 2: the id of a pepper must have 1 to 8 ASCII letters"),
            ("k1:AAECAwQ".to_owned(), "entry 1: a pepper must have 16 to 1024 bytes"),
            (format!("k1:{KEY},k1:{KEY}"), "two peppers have the same id"),
        ] {
            let said = parse(&text).unwrap_err();
            assert!(said.starts_with(why) && !said.contains(KEY), "{text}: {said}");
        }
    }
}
