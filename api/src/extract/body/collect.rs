//! Reads the bytes of a body, within limits of size and time.

use std::time::Duration;

use actix_web::{
    HttpRequest,
    dev::Payload,
    error::PayloadError,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap},
    web::BytesMut,
};
use futures_util::StreamExt;

use crate::problem::{Code, Problem};

/// How long a body may take. The server puts its configured value into the application's data.
#[derive(Clone, Copy, Debug)]
pub struct BodyDeadline(pub Duration);

impl Default for BodyDeadline {
    fn default() -> Self {
        Self(Duration::from_secs(30))
    }
}

/// Rejects a body that is not declared as plain JSON in UTF-8.
pub fn refuse_other_media_types(headers: &HeaderMap) -> Result<(), Problem> {
    let unsupported = |detail| Err(Problem::new(Code::UnsupportedMediaType, detail));
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = content_type.split(';').map(str::trim);
    if !parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
        return unsupported("Send the body with `Content-Type: application/json`.");
    }
    for (name, value) in parts.filter_map(|parameter| parameter.split_once('=')) {
        if name.eq_ignore_ascii_case("charset") && !value.trim_matches('"').eq_ignore_ascii_case("utf-8") {
            return unsupported("JSON is always UTF-8 (RFC 8259 §8.1); omit the charset.");
        }
    }
    match headers.get(CONTENT_ENCODING) {
        Some(encoding) if !encoding.as_bytes().eq_ignore_ascii_case(b"identity") => {
            unsupported("Send the body without a `Content-Encoding`.")
        }
        _ => Ok(()),
    }
}

/// Reads the whole body, of at most `kib` KiB, within the deadline.
pub async fn collect(request: &HttpRequest, payload: Payload, kib: usize) -> Result<BytesMut, Problem> {
    let limit = kib * 1024;
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(too_large(kib));
    }
    let BodyDeadline(deadline) = request.app_data().copied().unwrap_or_default();
    match tokio::time::timeout(deadline, read(payload, kib, limit)).await {
        Ok(read) => read,
        Err(_) => Err(Problem::new(Code::RequestTimeout, "The body did not arrive in time.")),
    }
}

async fn read(mut payload: Payload, kib: usize, limit: usize) -> Result<BytesMut, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| broken(&error))?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large(kib));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

pub(super) fn too_large(kib: usize) -> Problem {
    Problem::new(Code::PayloadTooLarge, format!("The body is larger than {kib} KiB."))
}

pub(super) fn broken(error: &PayloadError) -> Problem {
    tracing::debug!(%error, "a request body ended early");
    Problem::malformed("The body ended before it was complete.")
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn only_json_in_utf_8_is_taken() {
        let check = |content_type: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            refuse_other_media_types(&headers).map_err(|problem| problem.code())
        };
        for good in ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "text/json", "application/x-www-form-urlencoded", "application/json; charset=latin1"] {
            assert_eq!(check(bad), Err(Code::UnsupportedMediaType), "{bad}");
        }
        assert!(refuse_other_media_types(&HeaderMap::new()).is_err());
    }

    #[test]
    fn compressed_bodies_are_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        assert_eq!(refuse_other_media_types(&headers).unwrap_err().code(), Code::UnsupportedMediaType);
    }
}
