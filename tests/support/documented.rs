//! The error codes that the document lists for an operation.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::Value;

/// The codes of requests that no operation takes: the path or the method is not in the document.
const OF_NO_OPERATION: [&str; 4] = ["not_found", "method_not_allowed", "uri_too_long", "headers_too_large"];

/// An operation of the document.
struct Operation {
    method: String,
    /// The parts of its path between slashes, such as `{account_id}`.
    parts: Vec<String>,
    /// The codes in the examples of its error replies.
    codes: BTreeSet<String>,
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let document = serde_json::to_value(api::openapi()).unwrap();
    let shared = &document["components"]["responses"];
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let replies = operation["responses"].as_object().unwrap().values();
            let names = replies.filter_map(|reply| reply["$ref"].as_str()?.rsplit('/').next());
            operations.push(Operation {
                method: method.to_uppercase(),
                parts: path.split('/').map(str::to_owned).collect(),
                codes: names.flat_map(|name| codes_in(&shared[name])).collect(),
            });
        }
    }
    operations
});

fn codes_in(reply: &Value) -> impl Iterator<Item = String> {
    reply["content"]["application/problem+json"]["examples"].as_object().unwrap().keys().cloned()
}

/// Whether the document says that `what`, such as `GET /v1/me?limit=1`, may be answered with this code.
pub fn is_documented(what: &str, code: &str) -> bool {
    match operation(what) {
        Some(operation) => operation.codes.contains(code),
        // A browser's question whether another origin may call: no operation takes it, and the middleware may refuse it.
        None if what.starts_with("OPTIONS ") => code == "malformed_request" || OF_NO_OPERATION.contains(&code),
        None => OF_NO_OPERATION.contains(&code),
    }
}

/// The operation that takes this request. Of several paths that fit, the one with the fewest parameters.
fn operation(what: &str) -> Option<&'static Operation> {
    let (method, url) = what.split_once(' ')?;
    let parts: Vec<_> = url.split('?').next()?.split('/').collect();
    let method = if method == "HEAD" { "GET" } else { method };
    let fitting = OPERATIONS.iter().filter(|operation| {
        let mut pairs = operation.parts.iter().zip(&parts);
        operation.method == method
            && operation.parts.len() == parts.len()
            && pairs.all(|(known, part)| known == part || (known.starts_with('{') && !part.is_empty()))
    });
    fitting.min_by_key(|operation| operation.parts.iter().filter(|part| part.starts_with('{')).count())
}
