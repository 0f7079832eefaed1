//! Problems in the OpenAPI document.

use std::collections::BTreeMap;

use permissions::Permission;
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder, example::ExampleBuilder},
};

use super::{Code, FieldError, Problem, render};

/// What every operation may answer.
pub const ALWAYS: &[Code] = &[Code::UriTooLong, Code::HeadersTooLarge, Code::InternalError];

/// What every operation may answer that uses the database: all but a few.
pub const STORED: &[Code] = &[Code::Overloaded, Code::DatabaseUnavailable];

/// An error reply (RFC 9457). Switch on `code`; members that do not apply to the code are absent.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemSchema {
    /// Path of a page that explains the code.
    #[schema(rename = "type", format = "uri-reference", examples("/problems/not_found"))]
    r#type: String,
    /// A short title, the same for every occurrence of the code.
    #[schema(examples("Not found"))]
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, examples(404))]
    status: u16,
    /// What happened and what to do, as text for people.
    #[schema(examples("There is no such resource, or it belongs to another account."))]
    detail: String,
    /// The request id, as in the header `X-Request-Id`. The log has the details under this id.
    #[schema(examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    instance: String,
    /// The error code, for programs. More codes may be added.
    #[schema(schema_with = code_schema)]
    code: String,
    /// With `validation_failed` and `password_refused`: the errors, field by field.
    #[schema(required = false)]
    errors: Vec<FieldError>,
    /// With `permission_required`: the missing permission.
    #[schema(required = false, nullable = false, examples("account_settings"))]
    permission: String,
    /// With `wrong_step`: the step that the login challenge expects.
    #[schema(required = false, examples("totp"))]
    next: String,
    /// With `invalid_code`: how many attempts are left before the login challenge ends.
    #[schema(required = false, minimum = 0, examples(4))]
    attempts_left: u8,
    /// Seconds to wait, as in the header `Retry-After`.
    #[schema(required = false, minimum = 0, examples(2))]
    retry_after: u32,
    /// With `reauthentication_required`: the maximum age of a sign-in, in seconds.
    #[schema(required = false, minimum = 0, examples(900))]
    max_age: u32,
    /// With `database_unavailable` from `/readyz`: false if the database accepts no writes.
    #[schema(required = false, examples(false))]
    writes: bool,
}

/// A string, with the current codes as a hint that generators do not take for a closed list.
fn code_schema() -> utoipa::openapi::Object {
    let names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::Type::String)
        .description(Some("The error code, for programs. More codes may be added."))
        .examples(["not_found"])
        .extensions(Some(utoipa::openapi::extensions::ExtensionsBuilder::new().add("x-extensible-enum", names).build()))
        .build()
}

/// One reply per status, with an example for each code that `can_answer` accepts.
pub fn responses(can_answer: impl Fn(Code) -> bool) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status = BTreeMap::<u16, Vec<Code>>::new();
    for code in Code::ALL.iter().copied().filter(|code| can_answer(*code)) {
        by_status.entry(code.status().as_u16()).or_default().push(code);
    }
    by_status.into_iter().map(|(status, codes)| (status.to_string(), response(&codes).into())).collect()
}

fn response(codes: &[Code]) -> Response {
    let titles: Vec<_> = codes.iter().map(|code| format!("{} (`{}`)", code.title(), code.as_str())).collect();
    let examples = codes.iter().map(|code| (code.as_str(), RefOr::Ref(Ref::new(example_path(*code)))));
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .examples_from_iter(examples.collect::<Vec<_>>())
        .build();
    ResponseBuilder::new().description(titles.join(". ")).content("application/problem+json", content).build()
}

fn example_path(code: Code) -> String {
    format!("#/components/examples/{}", code.as_str())
}

/// The examples by code that [`responses`] points to: rendered like real ones, so that they are accurate.
pub fn examples() -> BTreeMap<String, RefOr<utoipa::openapi::example::Example>> {
    let example = |code: &Code| {
        let text = render::body(&sample(*code), Some("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"));
        let value = serde_json::from_str(&text).ok();
        (code.as_str().to_owned(), ExampleBuilder::new().summary(code.title()).value(value).build().into())
    };
    Code::ALL.iter().map(example).collect()
}

/// A typical problem of this code.
fn sample(code: Code) -> Problem {
    let mut problem = Problem::new(code, sample_detail(code));
    let parts = &mut problem.0;
    match code {
        Code::InvalidCode => parts.attempts_left = Some(4),
        Code::ReauthenticationRequired => parts.max_age = Some(900),
        Code::PermissionRequired => parts.permission = Some(Permission::AccountSettings),
        Code::WrongStep => parts.next = Some("totp"),
        Code::ValidationFailed => {
            parts.errors = vec![FieldError::new("/username", "required", "`username` is required")];
        }
        Code::PasswordRefused => {
            parts.errors = vec![FieldError::new("/new_password", "too_short", "Use at least 8 characters.")];
        }
        Code::TooManyRequests => parts.retry_after = Some(30),
        Code::Overloaded | Code::DatabaseUnavailable => parts.retry_after = Some(2),
        Code::MethodNotAllowed => parts.allow = Some("GET, PUT".to_owned()),
        Code::MalformedRequest
        | Code::InvalidCredentials
        | Code::InvalidToken
        | Code::ChallengeInvalid
        | Code::SessionRequired
        | Code::NotFound
        | Code::NotAcceptable
        | Code::RequestTimeout
        | Code::Conflict
        | Code::LimitReached
        | Code::PreconditionFailed
        | Code::PayloadTooLarge
        | Code::UriTooLong
        | Code::UnsupportedMediaType
        | Code::IdempotencyKeyReused
        | Code::HeadersTooLarge
        | Code::InternalError => {}
    }
    problem
}

fn sample_detail(code: Code) -> &'static str {
    match code {
        Code::MalformedRequest => {
            "The body has the unknown key `usrname` (line 1, column 24); expected one of `account`, `username`, \
             `password`."
        }
        Code::PermissionRequired => {
            "This requires the permission account_settings. An administrator of your account can grant it."
        }
        Code::Conflict => "The account already has a user with this name.",
        Code::LimitReached => "The account has as many users as its plan allows.",
        Code::PayloadTooLarge => "The body is larger than 64 KiB.",
        Code::ValidationFailed => "The field /username is invalid: `username` is required.",
        Code::MethodNotAllowed => "This path accepts GET, PUT.",
        Code::InvalidCredentials
        | Code::InvalidToken
        | Code::ChallengeInvalid
        | Code::InvalidCode
        | Code::ReauthenticationRequired
        | Code::SessionRequired
        | Code::NotFound
        | Code::NotAcceptable
        | Code::RequestTimeout
        | Code::WrongStep
        | Code::PreconditionFailed
        | Code::UriTooLong
        | Code::UnsupportedMediaType
        | Code::PasswordRefused
        | Code::IdempotencyKeyReused
        | Code::TooManyRequests
        | Code::HeadersTooLarge
        | Code::InternalError
        | Code::Overloaded
        | Code::DatabaseUnavailable => first_sentence(code.page()),
    }
}

fn first_sentence(text: &'static str) -> &'static str {
    text.find(". ").and_then(|end| text.get(..=end)).unwrap_or(text)
}
