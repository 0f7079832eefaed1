//! Renders a problem as an HTTP reply.

use actix_web::{HttpResponse, HttpResponseBuilder, http::header};
use serde::Serialize;

use super::{Code, FieldError, Problem};

/// The media type of problem details (RFC 9457 §6.1).
const MEDIA_TYPE: &str = "application/problem+json";

/// The members in the order in which they are written.
#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<&'a str>,
    code: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
    #[serde(skip_serializing_if = "Option::is_none")]
    permission: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts_left: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    writes: Option<bool>,
}

/// The reply to a request with the id `instance`.
pub fn render(problem: &Problem, instance: Option<&str>) -> HttpResponse {
    let mut response = HttpResponse::build(problem.0.code.status());
    response.insert_header((header::CONTENT_TYPE, MEDIA_TYPE));
    insert_headers(problem, &mut response);
    let mut response = response.body(body(problem, instance));
    // For the log.
    response.extensions_mut().insert(problem.0.code);
    response
}

/// The JSON text of the problem.
pub(super) fn body(problem: &Problem, instance: Option<&str>) -> String {
    let parts = &problem.0;
    let body = Body {
        r#type: parts.code.type_path(),
        title: parts.code.title(),
        status: parts.code.status().as_u16(),
        detail: &parts.detail,
        instance,
        code: parts.code.as_str(),
        errors: &parts.errors,
        permission: parts.permission.as_ref().map(permissions::Permission::as_str),
        next: parts.next,
        attempts_left: parts.attempts_left,
        retry_after: parts.retry_after,
        max_age: parts.max_age,
        writes: parts.writes,
    };
    // Strings and numbers always serialize.
    serde_json::to_string(&body).unwrap_or_default()
}

fn insert_headers(problem: &Problem, response: &mut HttpResponseBuilder) {
    if let Some(challenge) = challenge(problem) {
        response.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    if let Some(seconds) = problem.0.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        if problem.0.code == Code::TooManyRequests {
            // draft-ietf-httpapi-ratelimit-headers-10: nothing remains until then.
            response.insert_header(("RateLimit", format!("\"guesses\";r=0;t={seconds}")));
        }
    }
    if let Some(allow) = &problem.0.allow {
        response.insert_header((header::ALLOW, allow.as_str()));
    }
}

/// The `WWW-Authenticate` that RFC 9110 §15.5.2 requires on every 401, according to RFC 6750 §3 and RFC 9470 §3.
fn challenge(problem: &Problem) -> Option<String> {
    match problem.0.code {
        Code::InvalidToken if problem.0.without_credential => Some("Bearer realm=\"latchkey\"".to_owned()),
        Code::InvalidToken => Some("Bearer realm=\"latchkey\", error=\"invalid_token\"".to_owned()),
        Code::ChallengeInvalid if problem.0.without_credential => Some("Bearer realm=\"login challenge\"".to_owned()),
        Code::ChallengeInvalid => Some("Bearer realm=\"login challenge\", error=\"invalid_token\"".to_owned()),
        Code::InvalidCode => Some("Bearer realm=\"login challenge\"".to_owned()),
        Code::InvalidCredentials => Some("Bearer realm=\"login\"".to_owned()),
        Code::ReauthenticationRequired => {
            let max_age = problem.0.max_age.map(|seconds| format!(", max_age=\"{seconds}\"")).unwrap_or_default();
            Some(format!("Bearer realm=\"latchkey\", error=\"insufficient_user_authentication\"{max_age}"))
        }
        Code::MalformedRequest
        | Code::PermissionRequired
        | Code::SessionRequired
        | Code::NotFound
        | Code::MethodNotAllowed
        | Code::NotAcceptable
        | Code::RequestTimeout
        | Code::WrongStep
        | Code::Conflict
        | Code::LimitReached
        | Code::PreconditionFailed
        | Code::PayloadTooLarge
        | Code::UriTooLong
        | Code::UnsupportedMediaType
        | Code::ValidationFailed
        | Code::PasswordRefused
        | Code::IdempotencyKeyReused
        | Code::TooManyRequests
        | Code::HeadersTooLarge
        | Code::InternalError
        | Code::Overloaded
        | Code::DatabaseUnavailable => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn the_members_stand_in_the_order_of_the_standard() {
        let problem = Problem::invalid(vec![FieldError::new("/slug", "required", "`slug` is required")]);
        expect![[r#"{"type":"/problems/validation_failed","title":"Some fields are invalid","status":422,"detail":"The field /slug is invalid: `slug` is required.","instance":"req-1","code":"validation_failed","errors":[{"pointer":"/slug","code":"required","message":"`slug` is required"}]}"#]]
        .assert_eq(&body(&problem, Some("req-1")));
    }

    #[test]
    fn a_401_says_how_to_authenticate() {
        for code in Code::ALL {
            let response = render(&Problem::new(*code, ""), None);
            let has_challenge = response.headers().contains_key(header::WWW_AUTHENTICATE);
            assert_eq!(has_challenge, code.status().as_u16() == 401, "{code:?}");
        }
        let challenge_of = |problem: &Problem| challenge(problem).unwrap();
        assert_eq!(challenge_of(&Problem::no_credential()), "Bearer realm=\"latchkey\"");
        assert_eq!(
            challenge_of(&Problem::new(Code::InvalidToken, "")),
            "Bearer realm=\"latchkey\", error=\"invalid_token\""
        );
    }
}
