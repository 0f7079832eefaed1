//! Limits the head of a request, in addition to the HTTP parser (128 KiB and 96 headers).

use actix_web::dev::ServiceRequest;

use crate::problem::{Code, Problem};

const MAX_URI: usize = 8 * 1024;
const MAX_HEADERS: usize = 32 * 1024;

/// Rejects a URL or headers that no legitimate client sends.
pub fn check(request: &ServiceRequest) -> Result<(), Problem> {
    let uri = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    if uri > MAX_URI {
        return Err(Problem::new(Code::UriTooLong, "The path and query together are longer than 8 KiB."));
    }
    let headers: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers > MAX_HEADERS {
        return Err(Problem::new(Code::HeadersTooLarge, "The request headers together are larger than 32 KiB."));
    }
    Ok(())
}
