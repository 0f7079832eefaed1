//! Cross-origin requests from browsers.

use actix_cors::Cors;
use actix_web::http::{Method, header};

use super::request_id::X_REQUEST_ID;

/// Seconds that a browser may remember the answer to a preflight.
const MAX_AGE: usize = 600;

/// Allows pages of these origins to call the API. Credentials travel in a header that a page sets itself, never in a
/// cookie, so `Access-Control-Allow-Credentials` is never sent.
pub fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT, header::IF_MATCH])
        .allowed_headers([X_REQUEST_ID.clone(), header::HeaderName::from_static("idempotency-key")])
        .expose_headers([header::ETAG, header::LINK, header::RETRY_AFTER, header::WWW_AUTHENTICATE])
        .expose_headers([X_REQUEST_ID.clone(), header::LOCATION])
        .max_age(MAX_AGE);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
