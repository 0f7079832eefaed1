//! The URI of one account: `otpauth://totp/Issuer:name?secret=…&issuer=…&algorithm=SHA1&digits=6&period=30`.

use super::{SecretRefused, base32, query::parameter};
use crate::{ALGORITHM, DIGITS, PERIOD_SECONDS, Secret};

/// Bytes of the URI that are examined.
const MAX_BYTES: usize = 8 * 1024;

/// Reads what follows `otpauth://`.
pub(super) fn parse(rest: &str) -> Result<Secret, SecretRefused> {
    if rest.len() > MAX_BYTES {
        return Err(SecretRefused::Malformed("it is longer than 8 KiB"));
    }
    let (path, query) = rest.split_once('?').ok_or(SecretRefused::Malformed("it has no parameters"))?;
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    let kind = path.split_once('/').map_or(path, |(kind, _)| kind);
    if !kind.eq_ignore_ascii_case("totp") {
        return Err(SecretRefused::NotTimeBased);
    }
    if parameter(query, "algorithm")?.is_some_and(|value| !names_sha1(&value)) {
        return Err(SecretRefused::Algorithm);
    }
    if parameter(query, "digits")?.is_some_and(|value| value.parse() != Ok(DIGITS)) {
        return Err(SecretRefused::Digits);
    }
    if parameter(query, "period")?.is_some_and(|value| value.parse() != Ok(PERIOD_SECONDS)) {
        return Err(SecretRefused::Period);
    }
    base32::decode(&parameter(query, "secret")?.ok_or(SecretRefused::Malformed("it has no secret"))?)
}

/// Both spellings are in use.
fn names_sha1(value: &str) -> bool {
    value.eq_ignore_ascii_case(ALGORITHM) || value.eq_ignore_ascii_case("HmacSHA1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Provisioning;

    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn refusal(text: &str) -> SecretRefused {
        Secret::from_uri(text).unwrap_err()
    }

    #[test]
    fn the_uris_of_this_service_and_of_others_are_read() {
        let ours = Provisioning::new(&Secret::from_base32(SECRET).unwrap(), "Acme & Söhne", "ann?&=#@example.com");
        for uri in [
            ours.uri().to_owned(),
            format!("otpauth://totp/ann?secret={SECRET}"),
            format!("OTPAUTH://TOTP/ann?Secret={}&Issuer=x&image=https%3A%2F%2Fx", SECRET.to_lowercase()),
            format!("otpauth://totp/?secret={SECRET}&algorithm=sha1&digits=6&period=30#x"),
            format!("  otpauth://totp/a:b?secret={SECRET}%3D%3D&algorithm=HmacSHA1\n"),
        ] {
            assert_eq!(Secret::from_uri(&uri).unwrap().as_bytes(), b"12345678901234567890", "{uri}");
        }
    }

    #[test]
    fn what_would_show_other_codes_is_refused() {
        let with = |rest: &str| refusal(&format!("otpauth://totp/ann?secret={SECRET}{rest}"));
        assert_eq!(with("&algorithm=SHA256"), SecretRefused::Algorithm);
        assert_eq!(with("&digits=8"), SecretRefused::Digits);
        assert_eq!(with("&digits="), SecretRefused::Digits);
        assert_eq!(with("&period=60"), SecretRefused::Period);
        assert_eq!(refusal(&format!("otpauth://hotp/ann?secret={SECRET}&counter=1")), SecretRefused::NotTimeBased);
    }

    #[test]
    fn what_is_broken_is_refused() {
        assert_eq!(refusal("https://example.org/?secret=A"), SecretRefused::NotAUri);
        assert_eq!(refusal(""), SecretRefused::NotAUri);
        assert_eq!(refusal("otpauth:/"), SecretRefused::NotAUri);
        assert_eq!(refusal("otpauth://totp/ann"), SecretRefused::Malformed("it has no parameters"));
        assert_eq!(refusal("otpauth://totp/ann?issuer=a"), SecretRefused::Malformed("it has no secret"));
        assert_eq!(
            refusal(&format!("otpauth://totp/a?secret={SECRET}&SECRET={SECRET}")),
            SecretRefused::Malformed("it repeats a parameter")
        );
        assert_eq!(refusal("otpauth://totp/a?secret=%ff"), SecretRefused::Malformed("a parameter is not UTF-8"));
        assert_eq!(refusal("otpauth://totp/a?secret=1"), SecretRefused::NotBase32);
        let many = format!("otpauth://totp/a?{}", "a=b&".repeat(40));
        assert_eq!(refusal(&many), SecretRefused::Malformed("it has too many parameters"));
    }

    #[test]
    fn a_uri_has_up_to_eight_kib() {
        let uri = |rest: usize| format!("otpauth://{:x<rest$}", format!("totp/ann?secret={SECRET}&issuer="));
        assert!(Secret::from_uri(&uri(8_192)).is_ok());
        assert_eq!(refusal(&uri(8_193)), SecretRefused::Malformed("it is longer than 8 KiB"));
    }
}
