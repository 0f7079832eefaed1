//! JSON bodies that may be omitted.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;
use validator::Validate;

use super::{REJECTIONS, collect, json, pointer};
use crate::{
    extract::{Demands, Documented},
    problem::Problem,
};

/// KiB of a body.
const KIB: usize = 64;

/// The JSON body as a [`Body`](super::Body), or the default if there is none.
#[derive(Debug)]
pub struct OptionalBody<T>(pub T);

impl<T: DeserializeOwned + Default + Validate + 'static> FromRequest for OptionalBody<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let bytes = collect::collect(&request, payload, KIB).await?;
            if bytes.is_empty() {
                return Ok(Self(T::default()));
            }
            collect::refuse_other_media_types(request.headers())?;
            let value: T = json::parse(&bytes)?;
            value.validate().map_err(|errors| Problem::invalid(pointer::field_errors(&errors)))?;
            Ok(Self(value))
        })
    }
}

impl<T> Documented for OptionalBody<T> {
    fn document(demands: &mut Demands) {
        demands.reject_with(REJECTIONS);
    }
}
