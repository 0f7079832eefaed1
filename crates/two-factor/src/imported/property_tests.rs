//! Tests that the parsers handle any input.

use data_encoding::BASE64;
use proptest::prelude::*;

use crate::Secret;

proptest! {
    #[test]
    fn no_text_makes_the_parsers_panic(text in "\\PC{0,300}") {
        let _ = Secret::from_base32(&text);
        let _ = Secret::from_uri(&text);
        let _ = Secret::from_uri(&format!("otpauth://totp/{text}"));
        let _ = Secret::from_uri(&format!("otpauth://totp/a?{text}"));
        let _ = Secret::from_uri(&format!("otpauth-migration://offline?data={text}"));
    }

    #[test]
    fn no_payload_makes_the_parser_panic(payload in prop::collection::vec(any::<u8>(), 0..300)) {
        let data = BASE64.encode(&payload).replace('+', "%2B");
        let _ = Secret::from_uri(&format!("otpauth-migration://offline?data={data}"));
    }

    #[test]
    fn what_was_written_is_read(bytes in prop::collection::vec(any::<u8>(), 10..=64)) {
        let secret = Secret::from_bytes(&bytes).unwrap();
        let typed = secret.to_base32();
        let read = Secret::from_base32(&typed).unwrap();
        prop_assert_eq!(read.as_bytes(), &bytes[..]);
        let uri = format!("otpauth://totp/x?secret={}", typed.to_lowercase());
        let read = Secret::from_uri(&uri).unwrap();
        prop_assert_eq!(read.as_bytes(), &bytes[..]);
    }
}
