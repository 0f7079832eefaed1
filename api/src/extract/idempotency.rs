//! `Idempotency-Key`: the client's name for one request, so that a repeat is not processed twice.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};

use super::{Demands, Documented, body::BodyBytes};
use crate::problem::{Code, Problem};

/// The header `Idempotency-Key`, if it was sent: 1 to 255 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

impl IdempotencyKey {
    /// The key together with the content of `request`, so that another request with the same key is detected.
    /// [`Body`](super::Body) has read the body.
    pub fn bound_to(&self, request: &HttpRequest) -> Option<service::IdempotencyKey> {
        let key = self.0.as_deref()?;
        let extensions = request.extensions();
        let body = extensions.get::<BodyBytes>().map(|BodyBytes(bytes)| bytes.as_ref()).unwrap_or_default();
        Some(bind(key, request, body))
    }

    /// Like [`Self::bound_to`], for a body that was not kept: `digest` stands for it.
    pub fn bound_to_digest(&self, request: &HttpRequest, digest: &[u8; 32]) -> Option<service::IdempotencyKey> {
        self.0.as_deref().map(|key| bind(key, request, digest))
    }
}

fn bind(key: &str, request: &HttpRequest, body: &[u8]) -> service::IdempotencyKey {
    let head = format!("{} {}\n", request.method(), request.uri());
    service::IdempotencyKey::new(key, &[head.as_bytes(), body].concat())
}

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all("idempotency-key");
        ready(match (values.next(), values.next()) {
            (None, _) => Ok(Self(None)),
            (Some(value), None) => parse(value.as_bytes()).map(|key| Self(Some(key))),
            (Some(_), Some(_)) => Err(Problem::malformed("The `Idempotency-Key` header was sent more than once.")),
        })
    }
}

impl Documented for IdempotencyKey {
    fn document(demands: &mut Demands) {
        demands.reject_with(&[Code::MalformedRequest, Code::IdempotencyKeyReused]);
    }
}

fn parse(value: &[u8]) -> Result<String, Problem> {
    let key = std::str::from_utf8(value)
        .ok()
        .filter(|key| (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
    key.map(str::to_owned)
        .ok_or_else(|| Problem::malformed("The `Idempotency-Key` header must have 1 to 255 visible ASCII characters."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_visible_ascii_is_a_key() {
        parse(b"7f9c-1").unwrap();
        parse(&[b'a'; 255]).unwrap();
        for bad in [&b""[..], b"a b", "é".as_bytes(), &[b'a'; 256], &[0xff]] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }
}
