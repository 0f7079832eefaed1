//! What is the same for every operation and is therefore written in none.

use utoipa::openapi::{HeaderBuilder, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, Response, Type, path::Operation};

use crate::problem::document::examples;

/// Completes the collected document.
pub fn finish(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for operation in operations_mut(item) {
            finish_operation(operation);
        }
    }
    let components = document.components.get_or_insert_default();
    components.examples = examples();
    for (name, description) in HEADERS {
        let schema = ObjectBuilder::new().schema_type(Type::String);
        let header = HeaderBuilder::new().schema(Some(schema)).description(Some(*description)).build();
        components.headers.insert((*name).to_owned(), header.into());
    }
}

/// Headers of many replies.
const HEADERS: &[(&str, &str)] = &[
    ("X-Request-Id", "The id under which the log knows this request. Send one of your own to have it used."),
    ("WWW-Authenticate", "How to authenticate (RFC 6750; with `reauthentication_required` RFC 9470)."),
    ("Retry-After", "Seconds to wait before the request is worth repeating."),
    ("ETag", "The version of the resource; send it as `If-Match` with a change."),
    ("Link", "With `rel=\"next\"`: where the next page is (RFC 8288). Absent on the last page."),
];

fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}

fn finish_operation(operation: &mut Operation) {
    if let Some(id) = &mut operation.operation_id {
        *id = camel_case(id);
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
        "429" | "503" => add("Retry-After"),
        _ => {}
    }
}

/// `start_login` becomes `startLogin`: functions are named as Rust wants, methods of generated clients as most do.
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
