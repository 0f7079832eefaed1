//! A body that is too large to be kept: read in chunks.

use std::{
    future::{Ready, ready},
    time::{Duration, Instant},
};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    web::Bytes,
};
use futures_util::StreamExt;

use super::{
    BodyDeadline,
    collect::{broken, too_large},
};
use crate::{
    extract::{Demands, Documented},
    problem::{Code, Problem},
};

/// The whole upload may take this many times the deadline of other bodies; between two chunks, one such deadline may
/// pass.
const DEADLINES: u32 = 20;

/// The body of at most `KIB` KiB, of one of the media types that the operation accepts.
pub struct Upload<const KIB: usize> {
    payload: Payload,
    media_type: String,
    read: usize,
    pause: Duration,
    ends: Instant,
}

impl<const KIB: usize> Upload<KIB> {
    /// The media type without parameters.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The next chunk; `None` at the end.
    ///
    /// # Errors
    /// 400 if the body breaks off, 408 if it does not arrive in time, 413 if it is too large.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let late = || Problem::new(Code::RequestTimeout, "The body did not arrive in time.");
        let pause = self.pause.min(self.ends.saturating_duration_since(Instant::now()));
        let piece = tokio::time::timeout(pause, self.payload.next()).await.map_err(|_| late())?;
        let Some(piece) = piece else { return Ok(None) };
        let piece = piece.map_err(|error| broken(&error))?;
        self.read = self.read.saturating_add(piece.len());
        if self.read > KIB * 1024 { Err(too_large(KIB)) } else { Ok(Some(piece)) }
    }
}

impl<const KIB: usize> FromRequest for Upload<KIB> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(open(request, payload))
    }
}

impl<const KIB: usize> Documented for Upload<KIB> {
    fn document(demands: &mut Demands) {
        demands.reject_with(&[
            Code::MalformedRequest,
            Code::PayloadTooLarge,
            Code::UnsupportedMediaType,
            Code::RequestTimeout,
        ]);
    }
}

fn open<const KIB: usize>(request: &HttpRequest, payload: &mut Payload) -> Result<Upload<KIB>, Problem> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let unsupported = |detail| Err(Problem::new(Code::UnsupportedMediaType, detail));
    let content_type = header(&CONTENT_TYPE).unwrap_or_default();
    let mut parts = content_type.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    for (name, value) in parts.filter_map(|parameter| parameter.split_once('=')) {
        if name.eq_ignore_ascii_case("charset") && !value.trim_matches('"').eq_ignore_ascii_case("utf-8") {
            return unsupported("Send the body in UTF-8.");
        }
    }
    if header(&CONTENT_ENCODING).is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
        return unsupported("Send the body without a `Content-Encoding`.");
    }
    let declared = header(&CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if declared.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > KIB * 1024)) {
        return Err(too_large(KIB));
    }
    let BodyDeadline(pause) = request.app_data().copied().unwrap_or_default();
    let ends = Instant::now() + pause.saturating_mul(DEADLINES);
    Ok(Upload { payload: payload.take(), media_type, read: 0, pause, ends })
}
