//! One line a request. It holds no address, no query, no id of a resource and no header of the client but the request id.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};

use super::request_id::RequestId;

/// What is known of a request once it is answered.
pub struct Answered<'a> {
    /// The method as the client sent it.
    pub method: &'a Method,
    /// The pattern of the path, as in `/v1/accounts/{account_id}`, if there is one.
    pub route: Option<&'a str>,
    /// The status of the reply.
    pub status: StatusCode,
    /// From the head of the request to the head of the reply.
    pub took: Duration,
    /// The id of the request.
    pub request_id: &'a RequestId,
}

/// Writes the line: at `warn` for what is our fault, at `debug` for the probes of an orchestrator, else at `info`.
pub fn write(answered: &Answered<'_>) {
    let method = answered.method.as_str();
    let route = answered.route.unwrap_or("-");
    let status = answered.status.as_u16();
    let took_us = u64::try_from(answered.took.as_micros()).unwrap_or(u64::MAX);
    let request_id = answered.request_id.as_str();
    if answered.status.is_server_error() {
        tracing::warn!(target: "access", method, route, status, took_us, request_id, "request failed");
    } else if matches!(route, "/healthz" | "/readyz") {
        tracing::debug!(target: "access", method, route, status, took_us, request_id, "request answered");
    } else {
        tracing::info!(target: "access", method, route, status, took_us, request_id, "request answered");
    }
}
