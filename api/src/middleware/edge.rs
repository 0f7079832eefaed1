//! The outermost layer: names the request, bounds it, catches what goes wrong inside, and finishes the reply.

use std::{any::Any, panic::AssertUnwindSafe, time::Instant};

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{Method, StatusCode, header::CONTENT_TYPE},
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;

use super::{
    access_log::{self, Answered},
    headers, limits,
    request_id::RequestId,
};
use crate::{
    app::App,
    problem::{Code, Problem, render},
};

/// Answers one request.
pub async fn edge(
    app: Data<App>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let request_id = RequestId::of(request.headers(), app.clock.as_ref());
    let method = request.method().clone();
    request.extensions_mut().insert(request_id.clone());

    let outcome = if let Err(problem) = limits::check(&request) {
        Ok(request.into_response(render(&problem, Some(request_id.as_str()))))
    } else {
        // Whatever answers GET answers HEAD; the encoder of the connection leaves the body out.
        if method == Method::HEAD {
            request.head_mut().method = Method::GET;
        }
        inner(request, next, &request_id).await
    };

    let (route, status) = match &outcome {
        Ok(response) => (response.request().match_pattern(), response.status()),
        Err(response) => (None, response.status()),
    };
    let took = started.elapsed();
    access_log::write(&Answered { method: &method, route: route.as_deref(), status, took, request_id: &request_id });

    match outcome {
        Ok(mut response) => {
            headers::insert(response.headers_mut(), &request_id, app.is_https);
            Ok(response)
        }
        Err(mut response) => {
            headers::insert(response.headers_mut(), &request_id, app.is_https);
            Err(InternalError::from_response("the request ended without a service reply", response).into())
        }
    }
}

/// The reply of the layers inside. Without the request there is no `ServiceResponse`, so what ends in a panic or an
/// error comes back as a bare reply.
async fn inner(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    request_id: &RequestId,
) -> Result<ServiceResponse<BoxBody>, HttpResponse> {
    let id = Some(request_id.as_str());
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => Ok(with_instance(response.map_into_boxed_body(), request_id)),
        Ok(Err(error)) => Err(render(&problem_of(&error, error.as_response_error().status_code()), id)),
        Err(panic) => {
            tracing::error!(request_id = request_id.as_str(), reason = reason(panic.as_ref()), "a request panicked");
            Err(render(&Problem::internal(), id))
        }
    }
}

/// Writes every error reply anew: with the request id, and as a problem where the framework made it.
fn with_instance(response: ServiceResponse<BoxBody>, request_id: &RequestId) -> ServiceResponse<BoxBody> {
    let status = response.status();
    if status.is_success() || status.is_redirection() || status.is_informational() {
        return response;
    }
    let problem = match response.response().error() {
        Some(error) => problem_of(error, status),
        // A handler's own reply, as of a probe that says what is not ready.
        None if response.headers().contains_key(CONTENT_TYPE) => return response,
        None => Problem::new(code_of(status), code_of(status).title()),
    };
    let rendered = render(&problem, Some(request_id.as_str()));
    let (request, mut old) = response.into_parts();
    // Headers that layers inside have added, such as those of CORS, stay.
    let mut rendered = rendered;
    for (name, value) in old.headers_mut().drain() {
        if let Some(name) = name.filter(|name| !rendered.headers().contains_key(name)) {
            rendered.headers_mut().append(name, value);
        }
    }
    ServiceResponse::new(request, rendered)
}

fn problem_of(error: &Error, status: StatusCode) -> Problem {
    if let Some(problem) = error.as_error::<Problem>() {
        return problem.clone();
    }
    if status.is_server_error() {
        tracing::error!(%error, "a request ended in an error of the framework");
    }
    Problem::new(code_of(status), code_of(status).title())
}

/// The code for a status that the framework chose.
fn code_of(status: StatusCode) -> Code {
    let listed = Code::ALL.iter().copied().find(|code| code.status() == status);
    listed.unwrap_or(if status.is_client_error() { Code::MalformedRequest } else { Code::InternalError })
}

/// Why a request panicked, as far as it can be logged: only literals of the source, for a formatted message may hold
/// what was sent.
fn reason(panic: &(dyn Any + Send)) -> &'static str {
    panic.downcast_ref::<&'static str>().copied().unwrap_or("a message that may hold secrets")
}
