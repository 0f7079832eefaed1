//! Generates and reads recovery codes.

use std::{array, fmt, str::FromStr};

use kernel::Random;
use zeroize::Zeroizing;

/// Crockford's base32: no `i`, `l`, `o` that look like digits, no `u` that makes words.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

const SYMBOLS: usize = 16;
const GROUP: usize = 4;

/// Length of `xxxx-xxxx-xxxx-xxxx`.
const TEXT_BYTES: usize = SYMBOLS + SYMBOLS / GROUP - 1;

/// Bytes of input that are examined: a code with a space of three bytes after each symbol needs 64.
const MAX_INPUT_BYTES: usize = 64;

/// Codes of one set.
const SET: usize = 10;

/// A single-use code of 80 random bits, such as `7k2m-9xqa-0vtd-h4re`. Wiped from memory when dropped.
pub struct RecoveryCode(Zeroizing<String>);

/// The text is not a recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a recovery code has 16 letters and digits, such as 7k2m-9xqa-0vtd-h4re")]
pub struct MalformedRecoveryCode;

impl RecoveryCode {
    /// A new set of ten codes.
    pub fn generate_set(random: &mut impl Random) -> [Self; SET] {
        array::from_fn(|_| Self::generate(random))
    }

    #[expect(clippy::indexing_slicing, reason = "five bits are less than the 32 symbols")]
    fn generate(random: &mut impl Random) -> Self {
        let mut bytes = Zeroizing::new([0; SYMBOLS]);
        random.fill(&mut *bytes);
        // The low five bits of a random byte: all symbols are equally likely.
        Self::from_symbols(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])))
    }

    /// Puts the hyphens between the symbols.
    fn from_symbols(symbols: impl Iterator<Item = char>) -> Self {
        let mut text = Zeroizing::new(String::with_capacity(TEXT_BYTES));
        for (position, symbol) in symbols.enumerate() {
            if position > 0 && position.is_multiple_of(GROUP) {
                text.push('-');
            }
            text.push(symbol);
        }
        Self(text)
    }

    /// The code in clear text, in its one canonical spelling: lower case, in four groups.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The intended symbol, following Crockford: case-insensitive, and lookalikes of digits are read as digits.
fn symbol(c: char) -> Option<char> {
    match c.to_ascii_lowercase() {
        'o' => Some('0'),
        'i' | 'l' => Some('1'),
        c => u8::try_from(c).is_ok_and(|byte| ALPHABET.contains(&byte)).then_some(c),
    }
}

/// Hyphens, and what word processors and phones turn them into.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

impl FromStr for RecoveryCode {
    type Err = MalformedRecoveryCode;

    /// Reads typed text: case-insensitive, white space and hyphens are ignored, `o` is read as 0, `i` and `l` as 1.
    /// Input of more than 64 bytes is rejected unread.
    fn from_str(text: &str) -> Result<Self, MalformedRecoveryCode> {
        if text.len() > MAX_INPUT_BYTES {
            return Err(MalformedRecoveryCode);
        }
        let typed = || text.chars().filter(|c| !is_separator(*c));
        if typed().count() != SYMBOLS || typed().any(|c| symbol(c).is_none()) {
            return Err(MalformedRecoveryCode);
        }
        Ok(Self::from_symbols(typed().filter_map(symbol)))
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use kernel::OsRandom;
    use proptest::prelude::*;

    use super::*;

    /// Repeats the same bytes.
    struct Repeating(&'static [u8]);

    impl Random for Repeating {
        fn fill(&mut self, dest: &mut [u8]) {
            for (to, from) in dest.iter_mut().zip(self.0.iter().cycle()) {
                *to = *from;
            }
        }
    }

    #[test]
    fn every_random_byte_gives_a_symbol_and_all_equally_often() {
        let mut counts = [0; 32];
        for byte in 0..=255_u8 {
            counts[ALPHABET.iter().position(|symbol| *symbol == ALPHABET[usize::from(byte & 31)]).unwrap()] += 1;
        }
        assert_eq!(counts, [8; 32]);
    }

    #[test]
    fn a_set_is_ten_codes_of_four_groups() {
        let set = RecoveryCode::generate_set(&mut OsRandom);
        assert_eq!(set.iter().map(RecoveryCode::expose).collect::<HashSet<_>>().len(), 10);
        for code in &set {
            let groups: Vec<_> = code.expose().split('-').collect();
            assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [4; 4]);
            assert!(groups.concat().bytes().all(|byte| ALPHABET.contains(&byte)));
            assert_eq!(code.expose().len(), TEXT_BYTES);
        }
    }

    #[test]
    fn the_bytes_decide() {
        let code = RecoveryCode::generate(&mut Repeating(&[0, 1, 10, 31, 32, 63, 255, 18]));
        assert_eq!(code.expose(), "01az-0zzj-01az-0zzj");
    }

    #[test]
    fn many_spellings_are_one_code() {
        for text in [
            "01az-0zzj-01az-0zzj",
            "01AZ0ZZJ01AZ0ZZJ",
            "oiaz-Ozzj-OLaz-0ZZJ",
            " 01az 0zzj\t01az\u{a0}0zzj\r\n",
            "01az–0zzj—01az‑0zzj",
            "0-1-a-z-0-z-z-j-0-1-a-z-0-z-z-j",
            &format!("01az0zzj01az0zzj{}", " ".repeat(48)),
        ] {
            assert_eq!(text.parse::<RecoveryCode>().unwrap().expose(), "01az-0zzj-01az-0zzj", "{text}");
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_refused() {
        for text in [
            "",
            "-",
            "123456",
            "01az-0zzj-01az-0zz",
            "01az-0zzj-01az-0zzjj",
            "01az-0zzj-01az-0zzu",
            "01az_0zzj_01az_0zzj",
            "０1az-0zzj-01az-0zzj",
            "01az-0zzj-01az-0zzé",
            "01az-0zzj-01az-0zz\u{0}",
            &"0".repeat(1_000_000),
            &format!("{}{}", "0".repeat(16), " ".repeat(49)),
        ] {
            assert_eq!(text.parse::<RecoveryCode>().err(), Some(MalformedRecoveryCode), "{text:.40}");
        }
    }

    #[test]
    fn debug_shows_nothing_and_the_example_is_one() {
        assert_eq!(format!("{:?}", "7k2m-9xqa-0vtd-h4re".parse::<RecoveryCode>()), "Ok(RecoveryCode(..))");
        assert!(MalformedRecoveryCode.to_string().ends_with("7k2m-9xqa-0vtd-h4re"));
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_read_into_its_canonical_form(text in "[\\PC\\s]{0,70}|[0-9a-zA-Z \\-]{16,20}") {
            if let Ok(code) = text.parse::<RecoveryCode>() {
                prop_assert_eq!(code.expose().len(), TEXT_BYTES);
                let again = code.expose().parse::<RecoveryCode>().unwrap();
                prop_assert_eq!(again.expose(), code.expose());
            }
        }
    }
}
