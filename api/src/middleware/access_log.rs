//! Writes one line per request: what was requested, by whom and from where, and the result. It holds no query, no path
//! as sent, and no header of the client except the request id; so no secret.

use std::{net::IpAddr, time::Duration};

use actix_web::http::{Method, StatusCode};

use super::request_id::RequestId;
use crate::{extract::Who, problem::Code};

/// What is known of a request once it is answered.
pub struct Answered<'a> {
    /// The method as the client sent it.
    pub method: &'a Method,
    /// The pattern of the path, as in `/v1/accounts/{account_id}`, if there is one.
    pub route: Option<&'a str>,
    /// The status of the reply.
    pub status: StatusCode,
    /// The code of the problem, if the reply is one.
    pub code: Option<Code>,
    /// From the head of the request to the head of the reply.
    pub took: Duration,
    /// The source of the request, as it is throttled: the peer, or the address that a trusted proxy names.
    pub source: Option<IpAddr>,
    /// The caller, if an extractor has asked.
    pub who: Option<Who>,
    /// The id of the request.
    pub request_id: &'a RequestId,
}

/// Writes the line: at `warn` for faults of the service, at `debug` for the probes of an orchestrator, else at `info`.
/// Unknown fields are omitted.
pub fn write(answered: &Answered<'_>) {
    let method = answered.method.as_str();
    let route = answered.route.unwrap_or("-");
    let status = answered.status.as_u16();
    let code = answered.code.map(Code::as_str);
    let took_us = u64::try_from(answered.took.as_micros()).unwrap_or(u64::MAX);
    let source = answered.source.map(|address| address.to_string());
    let (user_id, api_key_id) = match answered.who {
        Some(Who::User(id)) => (Some(id.to_string()), None),
        Some(Who::ApiKey(id)) => (None, Some(id.to_string())),
        None => (None, None),
    };
    let request_id = answered.request_id.as_str();
    macro_rules! line {
        ($level:ident, $message:literal) => {
            tracing::$level!(
                target: "access", method, route, status, code, took_us, source, user_id, api_key_id, request_id, $message
            )
        };
    }
    if answered.status.is_server_error() {
        line!(warn, "request failed");
    } else if matches!(route, "/healthz" | "/readyz") {
        line!(debug, "request answered");
    } else {
        line!(info, "request answered");
    }
}
