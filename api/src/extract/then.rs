//! Runs one extractor after another.

use std::{
    future::Future,
    pin::Pin,
    time::{Duration, Instant},
};

use actix_web::{Error, FromRequest, HttpRequest, dev::Payload};

use super::{Demands, Documented};

/// After this time the client is authenticated again.
const STALE_AFTER: Duration = Duration::from_millis(50);

/// Extracts `A`, and only if that succeeds `B`. The framework runs all extractors of a handler at once and answers with
/// whichever fails first: a bad body would then win over a missing credential.
///
/// A client decides how long its body takes. If that was a while, `A` is extracted again: a caller who was signed out
/// meanwhile is not admitted for having begun the request before. (Operations that write check once more, under locks.)
#[derive(Debug)]
pub struct Then<A, B>(pub A, pub B);

impl<A: FromRequest + 'static, B: FromRequest + 'static> FromRequest for Then<A, B> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let mut first = A::from_request(&request, &mut payload).await.map_err(Into::into)?;
            let since = Instant::now();
            let second = B::from_request(&request, &mut payload).await.map_err(Into::into)?;
            if since.elapsed() > STALE_AFTER {
                first = A::from_request(&request, &mut Payload::None).await.map_err(Into::into)?;
            }
            Ok(Self(first, second))
        })
    }
}

impl<A: Documented, B: Documented> Documented for Then<A, B> {
    fn document(demands: &mut Demands) {
        A::document(demands);
        B::document(demands);
    }
}
