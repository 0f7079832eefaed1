//! Headers that every reply carries.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

use super::request_id::{RequestId, X_REQUEST_ID};

/// For replies that are not pages: a browser that is led here loads and runs nothing.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Half a year.
const HSTS: &str = "max-age=15768000";

/// Adds the headers that are the same for every reply. A handler's own `Content-Security-Policy` stays.
pub fn insert(headers: &mut HeaderMap, request_id: &RequestId, is_https: bool) {
    headers.insert(X_REQUEST_ID.clone(), request_id.to_header());
    set(headers, CACHE_CONTROL, "no-store");
    set(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, REFERRER_POLICY, "no-referrer");
    set(headers, X_FRAME_OPTIONS, "DENY");
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        set(headers, CONTENT_SECURITY_POLICY, NOTHING);
    }
    if is_https {
        set(headers, STRICT_TRANSPORT_SECURITY, HSTS);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
