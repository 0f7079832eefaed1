//! What Google Authenticator shows under "transfer accounts": `otpauth-migration://offline?data=…`, base64 of a protocol
//! buffer.
//!
//! ```text
//! message Payload { repeated Account account = 1; int32 version = 2; int32 batch_size = 3; … }
//! message Account { bytes secret = 1; string name = 2; string issuer = 3; int32 algorithm = 4; int32 digits = 5;
//!                   int32 type = 6; int64 counter = 7; … }
//! ```
//!
//! The app's own names for the numbers: algorithm 1 is SHA1, digits 1 means six, type 2 is TOTP; 0, like a field that
//! is absent, means "not said". Algorithm and digits that are not said are SHA1 and six, as in an `otpauth` URI.

use data_encoding::{BASE64, BASE64_NOPAD};
use zeroize::Zeroizing;

use super::{
    SecretRefused, base32,
    protobuf::{Field, Fields, Value},
    query::parameter,
};
use crate::Secret;

/// Bytes of the URI that are examined. The app puts ten accounts into one code.
const MAX_BYTES: usize = 16 * 1024;
/// Accounts of one payload.
const MAX_ACCOUNTS: usize = 100;

const SHA1: u64 = 1;
const SIX_DIGITS: u64 = 1;
const TOTP: u64 = 2;

/// Reads what follows `otpauth-migration://`.
pub(super) fn parse(rest: &str) -> Result<Secret, SecretRefused> {
    if rest.len() > MAX_BYTES {
        return Err(SecretRefused::Malformed("it is longer than 16 KiB"));
    }
    let (host, query) = rest.split_once('?').ok_or(SecretRefused::Malformed("it has no parameters"))?;
    if !host.trim_end_matches('/').eq_ignore_ascii_case("offline") {
        return Err(SecretRefused::NotAUri);
    }
    let data = parameter(query, "data")?.ok_or(SecretRefused::Malformed("it has no data"))?;
    let encoding = if data.ends_with('=') { BASE64 } else { BASE64_NOPAD };
    let payload = encoding.decode(data.as_bytes()).map(Zeroizing::new);
    let payload = payload.map_err(|_| SecretRefused::Malformed("the data is not base64"))?;
    let mut accounts = Vec::new();
    for field in Fields(&payload) {
        match field? {
            Field { number: 1, value: Value::Bytes(account) } if accounts.len() < MAX_ACCOUNTS => {
                accounts.push(account);
            }
            Field { number: 1, value: Value::Bytes(_) } => {
                return Err(SecretRefused::Malformed("it holds more than 100 accounts"));
            }
            Field { number: 1, value: Value::Number(_) | Value::Fixed } => return Err(WRONG_KIND),
            // The version, and the position among several codes.
            Field { .. } => {}
        }
    }
    match accounts.as_slice() {
        [one] => account(one),
        several => Err(SecretRefused::NotOneAccount { count: several.len() }),
    }
}

const WRONG_KIND: SecretRefused = SecretRefused::Malformed("a field of the payload has the wrong type");

fn account(bytes: &[u8]) -> Result<Secret, SecretRefused> {
    let (mut secret, mut algorithm, mut digits, mut kind) = (None, None, None, None);
    for field in Fields(bytes) {
        let field = field?;
        let seen_before = match (field.number, field.value) {
            (1, Value::Bytes(bytes)) => secret.replace(bytes).is_some(),
            (4, Value::Number(number)) => algorithm.replace(number).is_some(),
            (5, Value::Number(number)) => digits.replace(number).is_some(),
            (6, Value::Number(number)) => kind.replace(number).is_some(),
            (1 | 4 | 5 | 6, _) => return Err(WRONG_KIND),
            // Names, counter, and what later versions add.
            (_, _) => false,
        };
        if seen_before {
            return Err(SecretRefused::Malformed("a field of the payload appears twice"));
        }
    }
    if kind != Some(TOTP) {
        return Err(SecretRefused::NotTimeBased);
    }
    if !matches!(algorithm, None | Some(0 | SHA1)) {
        return Err(SecretRefused::Algorithm);
    }
    if !matches!(digits, None | Some(0 | SIX_DIGITS)) {
        return Err(SecretRefused::Digits);
    }
    base32::of_length(secret.ok_or(SecretRefused::Malformed("it has no secret"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that most descriptions of the format share: "Example:alice@google.com".
    const UNSAID: &str = "otpauth-migration://offline?data=CjEKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhh\
                                bXBsZTAC";

    fn bytes_field(number: u8, bytes: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, u8::try_from(bytes.len()).unwrap()], bytes].concat()
    }

    fn entry(algorithm: u8, digits: u8, kind: u8) -> Vec<u8> {
        let names = [bytes_field(2, b"ann"), bytes_field(3, b"Acme")].concat();
        let numbers = [0x20, algorithm, 0x28, digits, 0x30, kind, 0x38, 0];
        [bytes_field(1, b"12345678901234567890"), names, numbers.to_vec()].concat()
    }

    fn uri(entries: &[Vec<u8>]) -> String {
        let mut payload: Vec<u8> = entries.iter().flat_map(|entry| bytes_field(1, entry)).collect();
        payload.extend([0x10, 1, 0x18, 1, 0x20, 0, 0x28, 0xf1, 0x9a, 0x03]);
        let data = BASE64.encode(&payload).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        format!("otpauth-migration://offline?data={data}")
    }

    #[test]
    fn one_account_of_the_app_is_read() {
        let secret = Secret::from_uri(&uri(&[entry(1, 1, 2)])).unwrap();
        assert_eq!(secret.as_bytes(), b"12345678901234567890");
        // Unescaped and without padding it means the same.
        let plain = uri(&[entry(1, 1, 2)]).replace("%2B", "+").replace("%2F", "/").replace("%3D", "");
        assert_eq!(Secret::from_uri(&plain).unwrap().as_bytes(), secret.as_bytes());
    }

    #[test]
    fn algorithm_and_digits_that_are_not_said_are_the_usual_ones() {
        assert_eq!(Secret::from_uri(UNSAID).unwrap().as_bytes(), b"Hello!\xde\xad\xbe\xef");
        assert!(Secret::from_uri(&uri(&[entry(0, 0, 2)])).is_ok());
    }

    #[test]
    fn what_would_show_other_codes_is_refused_with_the_reason() {
        for (algorithm, digits, kind, why) in [
            (2, 1, 2, SecretRefused::Algorithm),
            (4, 1, 2, SecretRefused::Algorithm),
            (1, 2, 2, SecretRefused::Digits),
            (1, 3, 2, SecretRefused::Digits),
            (1, 1, 1, SecretRefused::NotTimeBased),
            (1, 1, 0, SecretRefused::NotTimeBased),
        ] {
            assert_eq!(Secret::from_uri(&uri(&[entry(algorithm, digits, kind)])).err(), Some(why));
        }
    }

    #[test]
    fn exactly_one_account_is_needed() {
        for count in [0, 2, 10, 100] {
            let entries = vec![entry(1, 1, 2); count];
            assert_eq!(Secret::from_uri(&uri(&entries)).err(), Some(SecretRefused::NotOneAccount { count }));
        }
        let too_many = vec![entry(1, 1, 2); 101];
        let why = SecretRefused::Malformed("it holds more than 100 accounts");
        assert_eq!(Secret::from_uri(&uri(&too_many)).err(), Some(why));
    }

    #[test]
    fn what_is_broken_is_refused() {
        let refusal = |text: &str| Secret::from_uri(text).unwrap_err();
        let prefix = "otpauth-migration://offline";
        assert_eq!(refusal(prefix), SecretRefused::Malformed("it has no parameters"));
        assert_eq!(refusal(&format!("{prefix}?x=y")), SecretRefused::Malformed("it has no data"));
        assert_eq!(refusal(&format!("{prefix}?data=*")), SecretRefused::Malformed("the data is not base64"));
        assert_eq!(refusal(&format!("{prefix}?data=")), SecretRefused::NotOneAccount { count: 0 });
        assert_eq!(refusal("otpauth-migration://online?data="), SecretRefused::NotAUri);
        assert_eq!(
            refusal(&format!("{prefix}?data=CgEL")),
            SecretRefused::Malformed("the payload is incomplete or not a protocol buffer")
        );
        assert_eq!(refusal(&format!("{prefix}?data=CAE=")), WRONG_KIND);
        let twice = [entry(1, 1, 2), bytes_field(1, b"12345678901234567890")].concat();
        assert_eq!(refusal(&uri(&[twice])), SecretRefused::Malformed("a field of the payload appears twice"));
        let short = [bytes_field(1, b"123456789"), vec![0x20, 1, 0x28, 1, 0x30, 2]].concat();
        assert_eq!(refusal(&uri(&[short])), SecretRefused::Length { bytes: 9 });
    }

    #[test]
    fn a_uri_has_up_to_sixteen_kib() {
        let whole = format!("{}&more=", uri(&[entry(1, 1, 2)]));
        let of_length = |rest: usize| format!("{whole:x<length$}", length = "otpauth-migration://".len() + rest);
        assert!(Secret::from_uri(&of_length(16_384)).is_ok());
        let why = SecretRefused::Malformed("it is longer than 16 KiB");
        assert_eq!(Secret::from_uri(&of_length(16_385)).err(), Some(why));
    }

    #[test]
    fn what_other_decoders_take_is_refused() {
        const TWICE: SecretRefused = SecretRefused::Malformed("a field of the payload appears twice");
        const BROKEN: SecretRefused = SecretRefused::Malformed("the payload is incomplete or not a protocol buffer");
        for (more, why) in [
            // Algorithm, digits and type once more.
            (&[0x20, 1][..], TWICE),
            (&[0x28, 1], TWICE),
            (&[0x30, 2], TWICE),
            // A packed list in place of a number.
            (&[0x22, 1, 1], WRONG_KIND),
            (&[0x2a, 0], WRONG_KIND),
            // Numbers of a fixed length.
            (&[0x25, 1, 0, 0, 0], WRONG_KIND),
            (&[0x31, 2, 0, 0, 0, 0, 0, 0, 0], WRONG_KIND),
            // A group of a later version, and its end alone.
            (&[0x4b, 0x4c], BROKEN),
            (&[0x4c], BROKEN),
        ] {
            let account = [entry(1, 1, 2), more.to_vec()].concat();
            assert_eq!(Secret::from_uri(&uri(&[account])).err(), Some(why), "{more:?}");
        }
        // 2^32 + 1 is not the algorithm 1.
        let account = [bytes_field(1, b"12345678901234567890"), vec![0x20, 0x81, 0x80, 0x80, 0x80, 0x10, 0x30, 2]];
        assert_eq!(Secret::from_uri(&uri(&[account.concat()])).err(), Some(SecretRefused::Algorithm));
        // What later versions add is read over, whatever its type.
        let account = [entry(1, 1, 2), vec![0x4a, 1, 7, 0x50, 1, 0x5d, 0, 0, 0, 0, 0x10, 1]].concat();
        assert!(Secret::from_uri(&uri(&[account])).is_ok());
    }

    #[test]
    fn every_cut_of_a_payload_is_refused_or_read_without_harm() {
        let whole = uri(&[entry(1, 1, 2)]);
        for end in 0..whole.len() {
            if let Ok(secret) = Secret::from_uri(&whole[..end]) {
                assert_eq!(secret.as_bytes(), b"12345678901234567890", "cut at {end}");
            }
        }
    }
}
