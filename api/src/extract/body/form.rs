//! Bodies that a standard defines as a form, and that are also accepted as JSON.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
};
use serde::de::DeserializeOwned;

use super::{REJECTIONS, collect, json};
use crate::{
    extract::{Demands, Documented},
    problem::{Problem, Result},
};

/// KiB of a body.
const KIB: usize = 64;

/// The body as a `T`: `application/x-www-form-urlencoded`, or `application/json` like any other body.
#[derive(Debug)]
pub struct FormOrJson<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for FormOrJson<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let is_form = is_form(request.headers());
            if !is_form {
                collect::refuse_other_media_types(request.headers())?;
            }
            let bytes = collect::collect(&request, payload, KIB).await?;
            let value = if is_form { parse_form(&bytes)? } else { json::parse(&bytes)? };
            Ok(Self(value))
        })
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") && !headers.contains_key(CONTENT_ENCODING)
}

fn parse_form<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    // The deserializer's message may quote what was sent.
    serde_urlencoded::from_bytes(bytes)
        .map_err(|_| Problem::malformed("The form lacks a field, repeats a field, or has an unknown field."))
}

impl<T> Documented for FormOrJson<T> {
    fn document(demands: &mut Demands) {
        demands.reject_with(REJECTIONS);
    }
}
