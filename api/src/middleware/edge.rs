//! The outermost layer: gives the request an id, limits it, catches faults inside, and completes the reply.

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
    denied, headers, limits,
    request_id::RequestId,
    unread_body::UnreadBody,
};
use crate::{
    app::App,
    extract::{Caller, client_address},
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
    let unread_body = UnreadBody::share(&mut request);
    let caller = Caller::share(&mut request);
    let peer = request.peer_addr().map(|peer| peer.ip());
    let source = peer.map(|peer| client_address(peer, request.headers(), &app.trusted_proxies));
    if let Some(peer) = peer {
        app.unheard.tell(peer, request.headers(), &app.trusted_proxies, app.clock.now());
    }
    // Nothing can be read from a request after it ends in a panic.
    let path_pattern = request.match_pattern();

    let outcome = if let Err(problem) = limits::check(&request) {
        Ok(request.into_response(render(&problem, Some(request_id.as_str()))))
    } else {
        // Whatever answers GET answers HEAD; the encoder of the connection omits the body.
        if method == Method::HEAD {
            request.head_mut().method = Method::GET;
        }
        inner(&app, request, next, &request_id).await
    };

    let (route, status, code) = match &outcome {
        Ok(response) => (response.request().match_pattern(), response.status(), code_in(response.response())),
        Err(response) => (path_pattern, response.status(), code_in(response)),
    };
    access_log::write(&Answered {
        method: &method,
        route: route.as_deref(),
        status,
        code,
        took: started.elapsed(),
        source,
        who: caller.who(),
        request_id: &request_id,
    });

    match outcome {
        Ok(mut response) => {
            headers::insert(response.headers_mut(), &request_id, app.is_https);
            Ok(response.map_body(|_, body| unread_body.go_with(body)))
        }
        Err(mut response) => {
            headers::insert(response.headers_mut(), &request_id, app.is_https);
            let response = response.map_body(|_, body| unread_body.go_with(body));
            Err(InternalError::from_response("the request ended without a service reply", response).into())
        }
    }
}

/// The code of a reply that is a problem.
fn code_in(reply: &HttpResponse<impl MessageBody>) -> Option<Code> {
    reply.extensions().get::<Code>().copied()
}

/// The reply of the layers inside. Without the request there is no `ServiceResponse`, so a panic or an error returns a
/// bare reply.
async fn inner(
    app: &App,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    request_id: &RequestId,
) -> Result<ServiceResponse<BoxBody>, HttpResponse> {
    let id = Some(request_id.as_str());
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => {
            denied::write_down(app, response.request(), response.response()).await;
            Ok(with_instance(response.map_into_boxed_body(), request_id))
        }
        Ok(Err(error)) => Err(render(&problem_of(&error, error.as_response_error().status_code()), id)),
        Err(panic) => {
            tracing::error!(request_id = request_id.as_str(), reason = reason(panic.as_ref()), "a request panicked");
            Err(render(&Problem::internal(), id))
        }
    }
}

/// Rewrites every error reply: with the request id, and as a problem if the framework made it.
fn with_instance(response: ServiceResponse<BoxBody>, request_id: &RequestId) -> ServiceResponse<BoxBody> {
    let status = response.status();
    if status.is_success() || status.is_redirection() || status.is_informational() {
        return response;
    }
    let problem = match response.response().error() {
        Some(error) => problem_of(error, status),
        // A handler's own reply, such as of a probe that names what is not ready.
        None if response.headers().contains_key(CONTENT_TYPE) => return response,
        None => Problem::new(code_of(status), code_of(status).title()),
    };
    let mut rendered = render(&problem, Some(request_id.as_str()));
    let (request, old) = response.into_parts();
    // Headers that layers inside have added, such as those of CORS, stay.
    let own: Vec<_> = rendered.headers().keys().cloned().collect();
    for (name, value) in old.headers().iter().filter(|(name, _)| !own.contains(name)) {
        rendered.headers_mut().append(name.clone(), value.clone());
    }
    ServiceResponse::new(request, rendered)
}

fn problem_of(error: &Error, status: StatusCode) -> Problem {
    if let Some(problem) = error.as_error::<Problem>() {
        return problem.clone();
    }
    if status.is_server_error() {
        tracing::error!(%error, "a request ended with an error of the HTTP framework");
    }
    Problem::new(code_of(status), code_of(status).title())
}

/// The code for a status that the framework, or a handler without a body, chose.
fn code_of(status: StatusCode) -> Code {
    match status {
        StatusCode::CONFLICT => Code::Conflict,
        StatusCode::UNAUTHORIZED => Code::InvalidToken,
        StatusCode::UNPROCESSABLE_ENTITY => Code::ValidationFailed,
        StatusCode::SERVICE_UNAVAILABLE => Code::Overloaded,
        other => {
            let listed = Code::ALL.iter().copied().find(|code| code.status() == other);
            listed.unwrap_or(if other.is_client_error() { Code::MalformedRequest } else { Code::InternalError })
        }
    }
}

/// Why a request panicked, as far as it can be logged: only literals in the source, because a formatted message may
/// hold request data.
fn reason(panic: &(dyn Any + Send)) -> &'static str {
    panic.downcast_ref::<&'static str>().copied().unwrap_or("a message withheld because it may hold secrets")
}

#[cfg(test)]
mod tests {
    use actix_web::{
        http::header::{self, HeaderMap},
        middleware::from_fn,
        test::{TestRequest, init_service, read_body, try_call_service},
        web,
    };
    use serde_json::Value;

    use super::*;

    /// The status, headers and body of the reply to `request`, by an application with faulty routes.
    async fn answer(request: TestRequest) -> (u16, HeaderMap, Value) {
        let (app, _directory) = App::for_tests().await;
        let service = init_service(
            actix_web::App::new()
                .app_data(Data::new(app))
                .route("/fine", web::get().to(|| async { HttpResponse::Ok().body("{}") }))
                .route("/panics", web::get().to(panics))
                .route(
                    "/framework",
                    web::get().to(|| async { Err::<&str, _>(actix_web::error::ErrorBadGateway("hunter2")) }),
                )
                .route("/bare", web::get().to(|| async { HttpResponse::Conflict().finish() }))
                .wrap(from_fn(edge)),
        )
        .await;
        match try_call_service(&service, request.to_request()).await {
            Ok(response) => {
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                (status, headers, serde_json::from_slice(&read_body(response).await).unwrap_or_default())
            }
            Err(error) => {
                let response = error.error_response();
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
                (status, headers, serde_json::from_slice(&body).unwrap())
            }
        }
    }

    async fn panics() -> HttpResponse {
        panic!("{}", "hunter2")
    }

    #[actix_web::test]
    async fn every_reply_has_the_common_headers() {
        for path in ["/fine", "/panics", "/framework", "/bare", "/nowhere"] {
            let (_, headers, _) = answer(TestRequest::get().uri(path).insert_header(("x-request-id", "abc"))).await;
            for (name, value) in [
                ("x-request-id", "abc"),
                ("cache-control", "no-store"),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
            ] {
                assert_eq!(headers.get(name).unwrap(), value, "{path}");
            }
            assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY), "{path}");
        }
    }

    #[actix_web::test]
    async fn whatever_goes_wrong_is_a_problem_that_tells_nothing() {
        for (path, status, code) in [
            ("/panics", 500, "internal_error"),
            ("/framework", 500, "internal_error"),
            ("/bare", 409, "conflict"),
            ("/nowhere", 404, "not_found"),
        ] {
            let request = TestRequest::get().uri(path).insert_header(("x-request-id", "abc"));
            let (got, headers, body) = answer(request).await;
            assert_eq!((got, body["code"].as_str()), (status, Some(code)), "{path}");
            assert_eq!(headers.get(CONTENT_TYPE).unwrap(), "application/problem+json", "{path}");
            assert_eq!(body["instance"], "abc", "{path}");
            assert!(!body.to_string().contains("hunter2"), "{path}");
        }
    }

    #[actix_web::test]
    async fn head_is_answered_like_get() {
        let (status, ..) = answer(TestRequest::with_uri("/fine").method(Method::HEAD)).await;
        assert_eq!(status, 200);
    }

    #[actix_web::test]
    async fn what_is_too_large_is_refused_before_it_is_routed() {
        let (status, _, body) = answer(TestRequest::get().uri(&format!("/fine?{}", "a".repeat(9_000)))).await;
        assert_eq!((status, body["code"].as_str()), (414, Some("uri_too_long")));
        let (status, _, body) =
            answer(TestRequest::get().uri("/fine").insert_header(("x-a", "a".repeat(40_000)))).await;
        assert_eq!((status, body["code"].as_str()), (431, Some("headers_too_large")));
    }
}
