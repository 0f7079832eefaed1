//! Reads the codes that users type.

use std::{fmt, str::FromStr};

use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use super::DIGITS;

/// Bytes of input that are examined: six digits with a space of three bytes after each need 24.
const MAX_INPUT_BYTES: usize = 64;

/// Six ASCII digits. Wiped from memory when dropped.
pub struct Code(Zeroizing<String>);

/// The text is not six digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code has six digits, such as 123 456")]
pub struct MalformedCode;

impl Code {
    /// The code with the six computed digits.
    pub(super) fn computed(digits: String) -> Self {
        Self(Zeroizing::new(digits))
    }

    /// The six digits in clear text.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(super) fn same_as(&self, other: &Self) -> Choice {
        self.0.as_bytes().ct_eq(other.0.as_bytes())
    }
}

impl FromStr for Code {
    type Err = MalformedCode;

    /// Reads typed text. White space of any kind is ignored wherever it is, as apps show `123 456` and copying adds
    /// no-break spaces and line ends. Only ASCII digits are accepted: phones show no others. Input of more than 64
    /// bytes is rejected unread.
    fn from_str(text: &str) -> Result<Self, MalformedCode> {
        if text.len() > MAX_INPUT_BYTES {
            return Err(MalformedCode);
        }
        // Capacity for everything: a string that grows leaves copies behind.
        let mut digits = Zeroizing::new(String::with_capacity(text.len()));
        digits.extend(text.chars().filter(|c| !c.is_whitespace()));
        if digits.len() == usize::from(DIGITS) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(MalformedCode)
        }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_do_not_matter() {
        for text in ["123456", "123 456", " 1 2 3 4 5 6 ", "123\u{a0}456", "\t123456\r\n", "123\u{2009}456"] {
            assert_eq!(text.parse::<Code>().unwrap().expose(), "123456", "{text:?}");
        }
    }

    #[test]
    fn what_is_not_six_ascii_digits_is_refused() {
        for text in [
            "",
            " ",
            "12345",
            "1234567",
            "12345a",
            "abcdef",
            "12-34-56",
            "123,456",
            "+12345",
            "-12345",
            "1e5000",
            "１２３４５６",
            "١٢٣٤٥٦",
            "12345\u{0}",
            "12345６",
            "é1234",
            "123\u{200b}456",
        ] {
            assert_eq!(text.parse::<Code>().err(), Some(MalformedCode), "{text:?}");
        }
    }

    #[test]
    fn long_input_is_refused_even_when_it_is_mostly_spaces() {
        assert!(format!("123456{}", " ".repeat(58)).parse::<Code>().is_ok());
        assert!(format!("123456{}", " ".repeat(59)).parse::<Code>().is_err());
        assert!("1".repeat(1_000_000).parse::<Code>().is_err());
    }

    #[test]
    fn debug_shows_nothing_and_the_error_helps() {
        assert_eq!(format!("{:?}", "123456".parse::<Code>()), "Ok(Code(..))");
        assert_eq!(MalformedCode.to_string(), "a code has six digits, such as 123 456");
    }
}
