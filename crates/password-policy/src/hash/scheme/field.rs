//! The fields of a hash's text.

use data_encoding::Encoding;

use super::super::InvalidHash;

/// Bytes of a salt.
const SALT: std::ops::RangeInclusive<usize> = 1..=64;

/// Bytes of the hash itself. Fewer than 16 could be matched by chance, or the text is truncated.
const OUTPUT: std::ops::RangeInclusive<usize> = 16..=64;

/// The fields between the dollar signs, exactly `N`.
pub(super) fn split<const N: usize>(text: &str) -> Result<[&str; N], InvalidHash> {
    let fields: Vec<_> = text.split('$').collect();
    fields.try_into().map_err(|_| InvalidHash::Malformed("it has the wrong number of fields for its scheme"))
}

/// A number in decimal digits, without a sign.
pub(super) fn number(text: &str) -> Result<u32, InvalidHash> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(InvalidHash::Malformed("it has an invalid number"))
}

/// The values of `name=value` pairs in this order: `i=1000,l=32`.
pub(super) fn parameters<const N: usize>(text: &str, names: [&str; N]) -> Result<[u32; N], InvalidHash> {
    let other = InvalidHash::Malformed("it has the wrong parameters for its scheme");
    let pairs: Vec<_> = text.split(',').collect();
    let pairs: [&str; N] = pairs.try_into().map_err(|_| other)?;
    let mut values = [0; N];
    for ((value, pair), name) in values.iter_mut().zip(pairs).zip(names) {
        let text = pair.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')).ok_or(other)?;
        *value = number(text)?;
    }
    Ok(values)
}

/// A salt in an encoding.
pub(super) fn salt(text: &str, encoding: &Encoding) -> Result<Vec<u8>, InvalidHash> {
    bounded_salt(encoding.decode(text.as_bytes()).map_err(|_| InvalidHash::Malformed("the salt is not base64"))?)
}

/// A salt that is used literally.
pub(super) fn plain_salt(text: &str) -> Result<Vec<u8>, InvalidHash> {
    bounded_salt(text.as_bytes().to_vec())
}

fn bounded_salt(salt: Vec<u8>) -> Result<Vec<u8>, InvalidHash> {
    if SALT.contains(&salt.len()) { Ok(salt) } else { Err(InvalidHash::Malformed("the salt must have 1 to 64 bytes")) }
}

/// The hash itself in an encoding.
pub(super) fn output(text: &str, encoding: &Encoding) -> Result<Vec<u8>, InvalidHash> {
    let decoded = encoding.decode(text.as_bytes()).map_err(|_| InvalidHash::Malformed("the hash is not base64"))?;
    if OUTPUT.contains(&decoded.len()) {
        Ok(decoded)
    } else {
        Err(InvalidHash::Malformed("the part after the salt must have 16 to 64 bytes"))
    }
}
