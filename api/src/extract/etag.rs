//! Versions of resources on the wire: `ETag` and `If-Match` (RFC 9110 §8.8.3, §13.1.1).

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderName, HeaderValue, IF_MATCH, InvalidHeaderValue, TryIntoHeaderPair},
};

use crate::problem::{Code, Problem};

/// The strong tag of a version, as in `"v3"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ETag(pub i64);

impl TryIntoHeaderPair for ETag {
    type Error = InvalidHeaderValue;

    fn try_into_pair(self) -> Result<(HeaderName, HeaderValue), InvalidHeaderValue> {
        Ok((header::ETAG, format!("\"v{}\"", self.0).parse()?))
    }
}

/// The header `If-Match`: which version the client has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// None was sent, or `*`: any version will do.
    Any,
    /// The resource has to stand at one of these.
    OneOf(Vec<i64>),
}

impl IfMatch {
    /// Refuses with 412 if the resource stands at another version than the client has seen.
    pub fn check(&self, current: i64) -> Result<(), Problem> {
        match self {
            Self::Any => Ok(()),
            Self::OneOf(seen) if seen.contains(&current) => Ok(()),
            Self::OneOf(_) => Err(Problem::new(
                Code::PreconditionFailed,
                "The resource has changed since the version in `If-Match`. Read it again and repeat the change.",
            )),
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let values: Vec<_> = request.headers().get_all(IF_MATCH).map(|value| value.to_str().ok()).collect();
        ready(parse(&values))
    }
}

fn parse(values: &[Option<&str>]) -> Result<IfMatch, Problem> {
    let malformed = || Problem::malformed("The header `If-Match` takes `*` or tags in double quotes, as in `\"v3\"`.");
    let mut seen = Vec::new();
    for value in values {
        for tag in value.ok_or_else(malformed)?.split(',').map(str::trim) {
            if tag == "*" && values.len() == 1 && value.is_some_and(|value| value.trim() == "*") {
                return Ok(IfMatch::Any);
            }
            let (weak, quoted) = tag.strip_prefix("W/").map_or((false, tag), |rest| (true, rest));
            let opaque = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(malformed)?;
            if opaque.contains('"') {
                return Err(malformed());
            }
            // A weak tag never matches here, and a tag that is not of our making matches nothing (§13.1.1).
            let version = opaque.strip_prefix('v').and_then(|number| number.parse::<i64>().ok());
            seen.extend(version.filter(|_| !weak));
        }
    }
    Ok(if values.is_empty() { IfMatch::Any } else { IfMatch::OneOf(seen) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_the_standard_says() {
        for (values, expected) in [
            (&[][..], IfMatch::Any),
            (&["*"], IfMatch::Any),
            (&["\"v3\""], IfMatch::OneOf(vec![3])),
            (&["\"v3\", \"v4\"", "\"v5\""], IfMatch::OneOf(vec![3, 4, 5])),
            (&["W/\"v3\""], IfMatch::OneOf(vec![])),
            (&["\"other\""], IfMatch::OneOf(vec![])),
        ] {
            let values: Vec<_> = values.iter().map(|value| Some(*value)).collect();
            assert_eq!(parse(&values).unwrap(), expected, "{values:?}");
        }
        for bad in ["v3", "\"v3", "", "*, \"v3\"", "\"a\"b\""] {
            assert_eq!(parse(&[Some(bad)]).unwrap_err().code(), Code::MalformedRequest, "{bad}");
        }
        assert!(parse(&[None]).is_err());
    }

    #[test]
    fn another_version_is_refused() {
        IfMatch::Any.check(7).unwrap();
        IfMatch::OneOf(vec![6, 7]).check(7).unwrap();
        assert_eq!(IfMatch::OneOf(vec![]).check(7).unwrap_err().code(), Code::PreconditionFailed);
    }

    #[test]
    fn a_tag_is_written_in_quotes() {
        let (name, value) = ETag(3).try_into_pair().unwrap();
        assert_eq!((name.as_str(), value.to_str().unwrap()), ("etag", "\"v3\""));
    }
}
