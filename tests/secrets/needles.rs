//! Secrets, in all encodings in which they could appear.

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

/// What must be found nowhere.
#[derive(Default)]
pub struct Needles(Vec<(String, Vec<u8>)>);

impl Needles {
    /// A secret text.
    pub fn text(&mut self, what: &str, text: &str) {
        self.0.push((what.to_owned(), text.as_bytes().to_vec()));
        // The random bytes behind a token or a key.
        let body =
            text.rsplit_once("lk_").map_or(text, |(_, rest)| rest.split_once('_').map_or(rest, |(_, body)| body));
        if let Ok(bytes) = BASE64URL_NOPAD.decode(body.as_bytes())
            && bytes.len() >= 20
        {
            self.bytes(&format!("the bytes of {what}"), bytes);
        }
    }

    /// Secret bytes.
    pub fn bytes(&mut self, what: &str, bytes: Vec<u8>) {
        self.0.push((what.to_owned(), bytes));
    }

    /// Fails if any secret is in `haystack`, as it is or encoded.
    #[track_caller]
    pub fn assert_absent(&self, place: &str, haystack: &[u8]) {
        let haystack = latin1(haystack);
        for (what, secret) in &self.0 {
            assert!(secret.len() > 6, "{what} is too short to be looked for");
            let spellings = [
                ("clear", latin1(secret)),
                ("hex", HEXLOWER.encode(secret)),
                ("HEX", HEXUPPER.encode(secret)),
                ("base64", BASE64_NOPAD.encode(secret)),
                ("base64url", BASE64URL_NOPAD.encode(secret)),
                ("base32", BASE32_NOPAD.encode(secret)),
                ("base32 in lower case", BASE32_NOPAD.encode(secret).to_lowercase()),
                ("JSON", serde_json::to_string(secret).unwrap()),
                ("Debug", format!("{secret:?}")),
            ];
            for (spelling, needle) in spellings {
                if let Some(at) = haystack.find(&needle) {
                    let around: String = haystack[..at].chars().rev().take(80).collect();
                    let around: String = around.chars().rev().collect();
                    panic!("{what} stands in {place}, in {spelling}, after: {around}");
                }
            }
        }
    }

    /// Fails if one of these codes stands in `text` as a word of its own. Six digits turn up by chance in other numbers, so
    /// fractions of seconds are left out.
    #[track_caller]
    pub fn assert_no_code(codes: &[String], place: &str, text: &str) {
        for line in text.lines() {
            for word in line.split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '=') {
                let is_code = codes.iter().any(|code| code == word);
                let is_duration = line.contains(&format!("took_us\":{word}"));
                assert!(!is_code || is_duration, "a code stands in {place}: {line}");
            }
        }
    }
}

/// Bytes as text in which each has one character, to be searched as text.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[test]
fn needles_are_found_in_every_spelling() {
    let mut needles = Needles::default();
    needles.text("the word", "geheim-123");
    for hidden in ["xgeheim-123x", "67656865696d2d313233", "Z2VoZWltLTEyMw", "M5SWQZLJNUWTCMRT"] {
        let found = std::panic::catch_unwind(|| needles.assert_absent("a test", hidden.as_bytes()));
        assert!(found.is_err(), "{hidden}");
    }
    needles.assert_absent("a test", b"geheim-12");
    let code = ["123456".to_owned()];
    assert!(std::panic::catch_unwind(|| Needles::assert_no_code(&code, "a test", "code 123456 was")).is_err());
    Needles::assert_no_code(&code, "a test", "2026-01-01T00:00:00.123456Z took_us=123456 \"took_us\":123456");
}
