//! Cleans names for authenticator apps.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

/// Everything except the unreserved characters of RFC 3986 §2.3. Space is `%20`: apps show a `+` as a plus.
pub(super) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const ELLIPSIS: char = '…';

/// `name` without colons, control characters and doubled or outer spaces, truncated so that it takes at most
/// `max_bytes` when percent-encoded.
pub(super) fn clean(name: &str, max_bytes: usize) -> String {
    // White space first: a tab or line end separates words, other control characters do not.
    let spaced = name.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let kept: String = spaced.filter(|c| *c != ':' && !c.is_control()).collect();
    let mut clean = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.chars().map(encoded_bytes).sum::<usize>() > max_bytes {
        let room = max_bytes.saturating_sub(encoded_bytes(ELLIPSIS));
        clean.truncate(prefix_within(&clean, room).trim_end().len());
        clean.push(ELLIPSIS);
    }
    clean
}

/// The longest beginning of `name` that takes at most `room` bytes when percent-encoded.
fn prefix_within(name: &str, room: usize) -> &str {
    let mut used = 0;
    let end = name.char_indices().find(|(_, c)| {
        used += encoded_bytes(*c);
        used > room
    });
    end.and_then(|(end, _)| name.get(..end)).unwrap_or(name)
}

fn encoded_bytes(c: char) -> usize {
    match c {
        'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '.' | '_' | '~' => 1,
        _ => 3 * c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::utf8_percent_encode;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_length_counted_is_the_length_encoded(c in any::<char>()) {
            let mut buffer = [0; 4];
            prop_assert_eq!(encoded_bytes(c), utf8_percent_encode(c.encode_utf8(&mut buffer), ENCODED).map(str::len).sum());
        }

        #[test]
        fn a_name_is_cut_as_late_as_possible(name in "[a-zé漢😀]{0,60}", max_bytes in 9_usize..200) {
            let bytes = |name: &str| name.chars().map(encoded_bytes).sum::<usize>();
            let cut = clean(&name, max_bytes);
            prop_assert!(bytes(&cut) <= max_bytes);
            match cut.strip_suffix('…') {
                None => prop_assert_eq!(cut, name),
                Some(kept) => {
                    let next = name.strip_prefix(kept).unwrap().chars().next().unwrap();
                    prop_assert!(bytes(&cut) + encoded_bytes(next) > max_bytes);
                }
            }
        }
    }
}
