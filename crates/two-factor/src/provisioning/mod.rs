//! The `otpauth` URI in the QR code.

mod name;

use std::fmt::{self, Write};

use percent_encoding::utf8_percent_encode;
use zeroize::Zeroizing;

use crate::totp::{ALGORITHM, DIGITS, PERIOD_SECONDS, Secret};

/// Bytes that the issuer may take in the URI, percent-encoded; it occurs there twice.
const MAX_ISSUER_BYTES: usize = 300;

/// Bytes that the account name may take in the URI, percent-encoded.
const MAX_ACCOUNT_NAME_BYTES: usize = 600;

/// Bytes of everything else, with a margin.
const MAX_OTHER_BYTES: usize = 120;

/// What an authenticator app needs to know, as an `otpauth` URI (Google Authenticator's Key URI Format), and the names
/// that the app will show. The URI has at most 1,320 ASCII characters and always fits a [`Qr`](crate::Qr).
pub struct Provisioning {
    issuer: String,
    account_name: String,
    uri: Zeroizing<String>,
}

impl Provisioning {
    /// Provides `secret` under the name `account_name` at `issuer`.
    ///
    /// Colons (which separate the two names in the URI) and control characters are removed from both names, white space
    /// becomes single spaces, and what is left is truncated with `…` when it would make the QR code too dense to scan.
    pub fn new(secret: &Secret, issuer: &str, account_name: &str) -> Self {
        let issuer = name::clean(issuer, MAX_ISSUER_BYTES);
        let account_name = name::clean(account_name, MAX_ACCOUNT_NAME_BYTES);
        let uri = uri(secret, &issuer, &account_name);
        Self { issuer, account_name, uri }
    }

    /// The issuer as in the URI, decoded.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The account name as in the URI, decoded.
    pub fn account_name(&self) -> &str {
        &self.account_name
    }

    /// `otpauth://totp/…`: contains the secret.
    pub fn uri(&self) -> &str {
        &self.uri
    }
}

fn uri(secret: &Secret, issuer: &str, account_name: &str) -> Zeroizing<String> {
    let encoded_issuer = || utf8_percent_encode(issuer, name::ENCODED);
    // Capacity for everything: a string that grows leaves copies of the secret behind.
    let mut uri =
        Zeroizing::new(String::with_capacity(2 * MAX_ISSUER_BYTES + MAX_ACCOUNT_NAME_BYTES + MAX_OTHER_BYTES));
    uri.push_str("otpauth://totp/");
    // The issuer is optional in the format; an empty one is not allowed.
    if !issuer.is_empty() {
        uri.extend(encoded_issuer());
        uri.push(':');
    }
    uri.extend(utf8_percent_encode(account_name, name::ENCODED));
    uri.push_str("?secret=");
    uri.push_str(&secret.to_base32());
    if !issuer.is_empty() {
        uri.push_str("&issuer=");
        uri.extend(encoded_issuer());
    }
    // Writing to a string does not fail.
    let _ = write!(*uri, "&algorithm={ALGORITHM}&digits={DIGITS}&period={PERIOD_SECONDS}");
    uri
}

impl fmt::Debug for Provisioning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Provisioning(..)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Qr;

    fn secret() -> Secret {
        Secret::from_bytes(b"12345678901234567890").unwrap()
    }

    /// Percent-decoding by hand, so that the test does not trust the crate that encoded.
    fn decode(text: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            let hex = |byte: Option<u8>| char::from(byte.unwrap()).to_digit(16).unwrap();
            bytes.push(match byte {
                b'%' => u8::try_from(hex(rest.next()) * 16 + hex(rest.next())).unwrap(),
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => byte,
                other => panic!("{} stands unencoded in {text}", char::from(other)),
            });
        }
        String::from_utf8(bytes).unwrap()
    }

    /// (issuer before the colon, account name, parameters)
    fn parse(uri: &str) -> (String, String, Vec<(&str, String)>) {
        let (label, query) = uri.strip_prefix("otpauth://totp/").unwrap().split_once('?').unwrap();
        let (issuer, account_name) = label.split_once(':').unwrap_or(("", label));
        let parameters = query.split('&').map(|pair| pair.split_once('=').unwrap());
        (decode(issuer), decode(account_name), parameters.map(|(name, value)| (name, decode(value))).collect())
    }

    fn names(issuer: &str, account_name: &str) -> (String, String) {
        let it = Provisioning::new(&secret(), issuer, account_name);
        (it.issuer().to_owned(), it.account_name().to_owned())
    }

    #[test]
    fn the_uri_in_full() {
        assert_eq!(
            Provisioning::new(&secret(), "Acme & Söhne", "ann+1@example.com").uri(),
            "otpauth://totp/Acme%20%26%20S%C3%B6hne:ann%2B1%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Acme%20%26%20S%C3%B6hne&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn colons_and_control_characters_leave_the_names() {
        assert_eq!(names("Acme: Login", "a:n:n"), ("Acme Login".to_owned(), "ann".to_owned()));
        assert_eq!(names("Acme : Login", "ann :"), ("Acme Login".to_owned(), "ann".to_owned()));
        assert_eq!(names("A\u{0}c\u{7f}m\u{9b}e", "a\tn\r\nn"), ("Acme".to_owned(), "a n n".to_owned()));
    }

    #[test]
    fn a_name_of_colons_only_leaves_the_issuer_out() {
        let it = Provisioning::new(&secret(), " : ", "ann");
        assert_eq!(it.issuer(), "");
        assert!(it.uri().starts_with("otpauth://totp/ann?secret=") && !it.uri().contains("issuer"));
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        let (issuer, account_name) = names(&"é".repeat(500), &"👩‍🚀".repeat(500));
        assert_eq!(issuer, format!("{}…", "é".repeat(48)));
        assert!(account_name.ends_with('…') && account_name.starts_with("👩‍🚀👩‍🚀"));
        // What just fits stays whole.
        assert_eq!(names(&"é".repeat(50), &"a".repeat(600)), ("é".repeat(50), "a".repeat(600)));
        assert_eq!(names("a", &"a".repeat(601)).1, format!("{}…", "a".repeat(591)));
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Provisioning::new(&secret(), "Acme", "ann")), "Provisioning(..)");
    }

    fn any_name() -> impl Strategy<Value = String> {
        let character = prop_oneof![
            4 => any::<char>(),
            2 => (0_u8..128).prop_map(char::from),
            1 => prop::sample::select(vec![':', ' ', '\u{a0}', '\u{200d}', '%', '+', '…', '\n']),
        ];
        prop::collection::vec(character, 0..700).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn any_names_read_back_as_the_accessors_say(issuer in any_name(), account_name in any_name()) {
            let it = Provisioning::new(&secret(), &issuer, &account_name);
            prop_assert!(it.uri().is_ascii() && it.uri().len() <= 1_320);
            prop_assert!(Qr::encode(it.uri()).is_ok());
            let (label_issuer, label_name, parameters) = parse(it.uri());
            prop_assert_eq!(&label_issuer, it.issuer());
            prop_assert_eq!(&label_name, it.account_name());
            let mut expected = vec![("secret", secret().to_base32().to_string())];
            if !it.issuer().is_empty() {
                expected.push(("issuer", it.issuer().to_owned()));
            }
            expected.extend([("algorithm", "SHA1".into()), ("digits", "6".into()), ("period", "30".into())]);
            prop_assert_eq!(parameters, expected);
            // Cleaning is idempotent.
            prop_assert_eq!(names(it.issuer(), it.account_name()), (label_issuer, label_name));
        }

        #[test]
        fn short_clean_names_stay_as_they_are(issuer in "[^:\\s\\p{Cc}]{1,25}", account_name in "[^:\\s\\p{Cc}]{1,50}") {
            prop_assert_eq!(names(&issuer, &account_name), (issuer, account_name));
        }
    }
}
