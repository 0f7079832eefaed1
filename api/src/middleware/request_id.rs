//! The id of a request in the log.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use kernel::{Clock, Id, OsRandom};

/// The header that carries the id, in both directions.
pub static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of one request: the client's own if it is well-formed, otherwise a new `UUIDv7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

/// Names what the id belongs to.
enum Request {}

impl RequestId {
    /// The id of a request with these headers.
    pub fn of(headers: &HeaderMap, clock: &dyn Clock) -> Self {
        let sent = headers.get(&X_REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|text| is_sane(text));
        Self(sent.map_or_else(|| Id::<Request>::generate(clock.now(), &mut OsRandom).to_string(), str::to_owned))
    }

    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as the value of a header.
    pub fn to_header(&self) -> HeaderValue {
        // Well-formed text is always a valid value.
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static("-"))
    }
}

/// Whether it can appear in a log line and in a URI without escapes.
fn is_sane(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use kernel::SystemClock;

    use super::*;

    #[test]
    fn a_sane_id_is_kept_and_any_other_replaced() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(X_REQUEST_ID.clone(), HeaderValue::from_str(value).unwrap());
            RequestId::of(&headers, &SystemClock).0
        };
        assert_eq!(of("trace-7.a_B"), "trace-7.a_B");
        for bad in ["", "a b", "a\"b", "<x>", &"x".repeat(129)] {
            assert_eq!(of(bad).len(), 36, "{bad}");
        }
        assert_eq!(RequestId::of(&HeaderMap::new(), &SystemClock).0.len(), 36);
    }
}
