//! Adds what is the same for every operation and therefore written in none.

use std::collections::BTreeMap;

use utoipa::openapi::{
    HeaderBuilder, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, Required, Response, Schema, Type, path::Operation,
};

use super::{arrays, asked};
use crate::problem::document::examples;

/// Completes the collected document.
pub fn finish(document: &mut OpenApi) {
    let mut shared = BTreeMap::new();
    for item in document.paths.paths.values_mut() {
        for operation in operations_mut(item) {
            finish_operation(operation);
            share_errors(operation, &mut shared);
        }
    }
    let components = document.components.get_or_insert_default();
    arrays::lift_examples(components);
    components.examples = examples();
    components.examples.retain(|code, _| is_used(code, &shared));
    components.responses = shared;
    for (name, description) in HEADERS {
        let schema = ObjectBuilder::new().schema_type(Type::String);
        let header = HeaderBuilder::new().schema(Some(schema)).description(Some(*description)).build();
        components.headers.insert((*name).to_owned(), header.into());
    }
}

/// Moves the error replies, which many operations share, to the components.
fn share_errors(operation: &mut Operation, shared: &mut BTreeMap<String, RefOr<Response>>) {
    for reply in operation.responses.responses.values_mut() {
        let RefOr::T(response) = &*reply else { continue };
        let Some(RefOr::T(problem)) = response.content.get("application/problem+json") else { continue };
        let name = problem.examples.keys().cloned().collect::<Vec<_>>().join(".");
        let path = format!("#/components/responses/{name}");
        let response = std::mem::replace(reply, RefOr::Ref(Ref::new(path)));
        shared.insert(name, response);
    }
}

fn is_used(code: &str, shared: &BTreeMap<String, RefOr<Response>>) -> bool {
    shared.keys().any(|name| name.split('.').any(|part| part == code))
}

/// Headers of many replies.
const HEADERS: &[(&str, &str)] = &[
    (
        "X-Request-Id",
        "The id of this request in the log. You may send your own: 1 to 128 letters, digits, hyphens, underscores and dots. Any other is replaced.",
    ),
    ("WWW-Authenticate", "How to authenticate (RFC 6750; with `reauthentication_required` RFC 9470)."),
    ("Retry-After", "The number of seconds to wait before you repeat the request."),
    (
        "RateLimit",
        "`r`: the number of attempts left, always 0 here. `t`: the number of seconds until the next attempt is allowed, as in `Retry-After`.",
    ),
    ("ETag", "The version of the resource. Send it in `If-Match` when you change the resource."),
    ("Location", "The path of the created resource."),
    ("Link", "The URL of the next page, with `rel=\"next\"` (RFC 8288). Absent on the last page."),
];

fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}

fn finish_operation(operation: &mut Operation) {
    if let Some(id) = &mut operation.operation_id {
        *id = camel_case(id);
    }
    asked::settle(operation);
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        // Generators read only the parameter's own description.
        if let (None, Some(RefOr::T(Schema::Object(schema)))) = (&parameter.description, &mut parameter.schema) {
            parameter.description = schema.description.take();
        }
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        // The extension is internal to this program.
        let is_optional = body.extensions.take().is_some_and(|said| said.contains_key("x-optional"));
        body.required = Some(if is_optional { Required::False } else { Required::True });
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            add_headers(status, response);
        }
    }
}

fn add_headers(status: &str, response: &mut Response) {
    let mut add = |name: &str| {
        let path = format!("#/components/headers/{name}");
        response.headers.insert(name.to_owned(), RefOr::Ref(Ref::new(path)));
    };
    add("X-Request-Id");
    match status {
        "401" => add("WWW-Authenticate"),
        "429" => {
            add("Retry-After");
            add("RateLimit");
        }
        "503" => add("Retry-After"),
        _ => {}
    }
    // An operation names these; the components describe them.
    let named: Vec<String> = response.headers.keys().cloned().collect();
    for name in named.iter().filter(|name| HEADERS.iter().any(|(known, _)| known == name)) {
        let path = format!("#/components/headers/{name}");
        response.headers.insert(name.clone(), RefOr::Ref(Ref::new(path)));
    }
}

/// `start_login` becomes `startLogin`: functions follow Rust's convention, methods of generated clients that of most
/// languages.
fn camel_case(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut id, word| {
        let mut letters = word.chars();
        id.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        id.push_str(letters.as_str());
        id
    })
}
