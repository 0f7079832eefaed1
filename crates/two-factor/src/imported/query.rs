//! Reads query parameters of a URI.

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::SecretRefused;

/// Parameters that are examined.
const MAX_PARAMETERS: usize = 32;

/// The value of the parameter `name`, percent-decoded. A `+` stays a plus: apps write spaces as `%20`, and a plus is a
/// character of base64.
///
/// # Errors
/// [`SecretRefused::Malformed`] when it occurs twice, or its value is not text.
pub(super) fn parameter(query: &str, name: &str) -> Result<Option<Zeroizing<String>>, SecretRefused> {
    if query.split('&').nth(MAX_PARAMETERS).is_some() {
        return Err(SecretRefused::Malformed("it has too many parameters"));
    }
    let mut values = query.split('&').filter_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        key.eq_ignore_ascii_case(name).then_some(value)
    });
    let (first, second) = (values.next(), values.next());
    if second.is_some() {
        return Err(SecretRefused::Malformed("it repeats a parameter"));
    }
    let Some(value) = first else { return Ok(None) };
    let mut decoded = Zeroizing::new(Vec::with_capacity(value.len()));
    decoded.extend(percent_decode_str(value));
    let text = std::str::from_utf8(&decoded).map_err(|_| SecretRefused::Malformed("a parameter is not UTF-8"))?;
    Ok(Some(Zeroizing::new(text.to_owned())))
}
