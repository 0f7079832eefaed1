//! Query parameters, as strict as bodies.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use super::page::{Cursor, Limit};
use crate::problem::Problem;

/// The query parameters as a `T` that denies unknown ones. What cannot be read is 400 and says which parameter.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

/// No query parameters: for what is done to many, so that one that would have been passed over is not relied upon.
#[derive(Clone, Copy, Debug)]
pub struct NoQuery;

impl FromRequest for NoQuery {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let refusal = || Problem::malformed("There are query parameters; the operation takes none.");
        ready(if request.query_string().is_empty() { Ok(Self) } else { Err(refusal()) })
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let name = error.path().to_string();
        Problem::malformed(describe(&name, &error.into_inner().to_string()))
    })
}

/// A sentence for the message of the deserializer, which may quote the value.
fn describe(name: &str, message: &str) -> String {
    if message.starts_with("unknown field") {
        let known = message.split_once(", ").map(|(_, known)| known).unwrap_or_default();
        return format!("There is a query parameter that is not known here; {known}.");
    }
    if message.starts_with("duplicate field") {
        return format!("There is a {message} among the query parameters.").replace("field", "parameter");
    }
    let expected = [Limit::EXPECTED, Cursor::EXPECTED].into_iter().find(|expected| message.contains(expected));
    if let Some(expected) = expected {
        return format!("The query parameter `{name}` {expected}.");
    }
    match message.split_once("expected ") {
        Some((_, expected)) => format!("The query parameter `{name}` takes {expected}."),
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
            ("limit=hunter2", "The query parameter `limit` takes a number from 1 to 100."),
            ("cursor=hunter2!", "The query parameter `cursor` takes the `next_cursor` of the page before."),
            ("status=hunter2", "The query parameter `status` takes `active` or `disabled`."),
            ("limit=1&limit=2", "There is a duplicate parameter `limit` among the query parameters."),
            (
                "access_token=hunter2",
                "There is a query parameter that is not known here; expected one of `limit`, `cursor`, `status`.",
            ),
        ] {
            let problem = parse::<Parameters>(query).unwrap_err();
            assert_eq!(problem.to_string(), format!("malformed_request: {expected}"), "{query}");
        }
    }
}
