//! JSON bodies.

mod collect;
mod form;
mod json;
mod message;
mod optional;
mod pointer;
mod strict;
mod upload;

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web::Bytes};
use serde::de::DeserializeOwned;
use validator::Validate;

pub use self::{collect::BodyDeadline, form::FormOrJson, optional::OptionalBody, upload::Upload};
use super::{Demands, Documented};
use crate::problem::{Code, Problem};

/// The body as sent, kept with the request for its idempotency key.
pub(super) struct BodyBytes(pub(super) Bytes);

/// The codes with which a JSON body is rejected.
const REJECTIONS: &[Code] = &[
    Code::MalformedRequest,
    Code::PayloadTooLarge,
    Code::UnsupportedMediaType,
    Code::ValidationFailed,
    Code::RequestTimeout,
];

/// The JSON body as a validated `T`, of at most `KIB` KiB.
///
/// A body that is not JSON, or has a key that `T` does not know, is 400; JSON that does not fit `T` is 422 with JSON
/// pointers. No message quotes a value.
#[derive(Debug)]
pub struct Body<T, const KIB: usize = 64>(pub T);

impl<T: DeserializeOwned + Validate + 'static, const KIB: usize> FromRequest for Body<T, KIB> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            collect::refuse_other_media_types(request.headers())?;
            let bytes = collect::collect(&request, payload, KIB).await?;
            let value: T = json::parse(&bytes)?;
            request.extensions_mut().insert(BodyBytes(bytes.freeze()));
            value.validate().map_err(|errors| Problem::invalid(pointer::field_errors(&errors)))?;
            Ok(Self(value))
        })
    }
}

impl<T, const KIB: usize> Documented for Body<T, KIB> {
    fn document(demands: &mut Demands) {
        demands.reject_with(REJECTIONS);
    }
}
