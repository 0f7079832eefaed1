//! Query parameters, as strict as bodies.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use super::{
    Demands, Documented,
    page::{Cursor, Limit},
};
use crate::problem::{Code, Problem};

/// The query parameters as a `T` that denies unknown ones. Unreadable ones are 400, which names the parameter.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

impl<T> Documented for Query<T> {
    fn document(demands: &mut Demands) {
        demands.reject_with(&[Code::MalformedRequest]);
    }
}

/// Rejects any query parameter: for bulk operations, so that nobody relies on one that would be ignored.
#[derive(Clone, Copy, Debug)]
pub struct NoQuery;

impl FromRequest for NoQuery {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let refusal = || Problem::malformed("This operation accepts no query parameters.");
        ready(if request.query_string().is_empty() { Ok(Self) } else { Err(refusal()) })
    }
}

impl Documented for NoQuery {
    fn document(demands: &mut Demands) {
        demands.reject_with(&[Code::MalformedRequest]);
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let name = error.path().to_string();
        Problem::malformed(describe(&name, &error.into_inner().to_string()))
    })
}

/// A sentence for the deserializer's message, which may quote the value.
fn describe(name: &str, message: &str) -> String {
    if message.starts_with("unknown field") {
        let known = message.split_once(", ").map(|(_, known)| known).unwrap_or_default();
        return format!("The query has an unknown parameter; {known}.");
    }
    if message.starts_with("duplicate field") {
        return format!("The query has a {message}.").replace("field", "parameter");
    }
    let expected = [Limit::EXPECTED, Cursor::EXPECTED].into_iter().find(|expected| message.contains(expected));
    if let Some(expected) = expected {
        return format!("The query parameter `{name}` {expected}.");
    }
    match message.split_once("expected ") {
        Some((_, expected)) => format!("The query parameter `{name}` must be {expected}."),
        None => format!("The query parameter `{name}` does not have the documented form."),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Parameters {
        limit: Limit,
        cursor: Option<Cursor>,
        status: Option<Status>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Status {
        Active,
        Disabled,
    }

    #[test]
    fn what_is_right_is_read() {
        let parameters: Parameters = parse("limit=7&cursor=YW5u&status=disabled").unwrap();
        assert_eq!(parameters.limit.get(), 7);
        assert!(parameters.cursor.is_some());
        assert!(matches!(parameters.status, Some(Status::Disabled)));
        assert!(matches!(parse::<Parameters>("status=active").unwrap().status, Some(Status::Active)));
        assert_eq!(parse::<Parameters>("").unwrap().limit.get(), 50);
    }

    #[test]
    fn what_is_wrong_is_named_and_not_quoted() {
        for (query, expected) in [
            ("limit=hunter2", "The query parameter `limit` must be a number from 1 to 100."),
            ("cursor=hunter2!", "The query parameter `cursor` must be the `next_cursor` of the previous page."),
            ("status=hunter2", "The query parameter `status` must be `active` or `disabled`."),
            ("limit=1&limit=2", "The query has a duplicate parameter `limit`."),
            (
                "access_token=hunter2",
                "The query has an unknown parameter; expected one of `limit`, `cursor`, `status`.",
            ),
        ] {
            let problem = parse::<Parameters>(query).unwrap_err();
            assert_eq!(problem.to_string(), format!("malformed_request: {expected}"), "{query}");
        }
    }
}
