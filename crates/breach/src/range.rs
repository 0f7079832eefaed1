//! Parses replies of the range protocol.

use crate::hash::{DIGITS, PREFIX_DIGITS, split_count};

/// How often the hash that ends with `suffix` was seen, according to the body of the reply; 0: never. Lines with the
/// count 0 are padding.
///
/// # Errors
/// When the body is not such a reply.
pub(crate) fn count(body: &[u8], suffix: &str) -> Result<u64, NotARange> {
    let mut found = 0;
    for line in body.split(|byte| *byte == b'\n') {
        let (digits, count) = split_count(line).ok_or(NotARange)?;
        if digits.is_empty() && count.is_none() {
            continue;
        }
        if digits.len() != DIGITS - PREFIX_DIGITS || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(NotARange);
        }
        if digits.eq_ignore_ascii_case(suffix.as_bytes()) {
            found = found.max(count.ok_or(NotARange)?);
        }
    }
    Ok(found)
}

/// Not a reply of the range protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the reply is not a range of hashes")]
pub(crate) struct NotARange;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";
    const B: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD9";

    #[test]
    fn counts_are_found_and_padding_does_not_count() {
        let body = format!("{A}:52372427\r\n{B}:0\r\n");
        assert_eq!(count(body.as_bytes(), A), Ok(52_372_427));
        assert_eq!(count(body.to_lowercase().as_bytes(), A), Ok(52_372_427));
        assert_eq!(count(body.as_bytes(), B), Ok(0));
        assert_eq!(count(b"", A), Ok(0));
    }

    #[test]
    fn another_page_is_no_range() {
        for body in ["<html>blocked</html>", "{\"error\":1}", "1E4C:3", &format!("{A}\n"), &format!("{A}:x")] {
            assert_eq!(count(body.as_bytes(), A), Err(NotARange), "{body}");
        }
    }

    proptest! {
        #[test]
        fn no_reply_makes_the_parser_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = count(&body, A);
        }
    }
}
