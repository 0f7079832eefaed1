//! What an operation asks of its caller: from the type of its handler's argument to the finished document.
//!
//! The derive lets a type add replies to an operation and nothing else. So the error replies carry it, in an extension
//! that only this program sees.

use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Response, extensions::ExtensionsBuilder, path::Operation, security::SecurityRequirement};

use super::base::{ACCESS_TOKEN, API_KEY, CHALLENGE_TOKEN};
use crate::extract::{Accepts, Demands};

/// The extension of a reply.
const EXTENSION: &str = "x-asked";

/// Adds what `demands` ask of the caller to this reply.
pub fn attach(demands: &Demands, reply: &mut Response) {
    let asked = json!({ "schemes": schemes(demands.accepts()), "sentence": demands.sentence() });
    reply.extensions = Some(ExtensionsBuilder::new().add(EXTENSION, asked).build());
}

/// The security schemes, of which a request uses one. Everything that accepts an access token accepts API keys, except
/// operations for users themselves.
const fn schemes(accepts: Option<Accepts>) -> &'static [&'static str] {
    match accepts {
        None => &[],
        Some(Accepts::AnyCaller) => &[ACCESS_TOKEN, API_KEY],
        Some(Accepts::Person) => &[ACCESS_TOKEN],
        Some(Accepts::Challenge) => &[CHALLENGE_TOKEN],
    }
}

/// Takes what the replies carry, and writes it to the operation: its `security`, and the last sentence of its
/// description.
pub fn settle(operation: &mut Operation) {
    let Some(asked) = operation.responses.responses.values_mut().find_map(detach) else { return };
    let schemes = asked.get("schemes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    operation.security = Some(schemes.map(|scheme| SecurityRequirement::new(scheme, Vec::<String>::new())).collect());
    if let Some(sentence) = asked.get("sentence").and_then(Value::as_str) {
        let own = operation.description.take().unwrap_or_default();
        operation.description = Some(format!("{}\n\n{sentence}", own.trim()).trim_start().to_owned());
    }
}

fn detach(reply: &mut RefOr<Response>) -> Option<Value> {
    let RefOr::T(reply) = reply else { return None };
    let asked = reply.extensions.as_ref()?.get(EXTENSION)?.clone();
    reply.extensions = None;
    Some(asked)
}
