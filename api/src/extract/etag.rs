//! Versions of resources on the wire: `ETag` and `If-Match` (RFC 9110 §8.8.3, §13.1.1).
//!
//! `If-Match` is parsed here. The parser of actix-web omits each tag that it cannot read, and what is left of
//! `If-Match: v3` equals a missing header: the change would be made without a condition. It also takes `*` beside other
//! lines. Its `EntityTag` rejects a tag with a space, which matches nothing here.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderName, HeaderValue, IF_MATCH, InvalidHeaderValue, TryIntoHeaderPair},
};

use super::{Demands, Documented};
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
    /// None was sent, or `*`: any version matches.
    Any,
    /// The resource must be at one of these versions.
    OneOf(Vec<i64>),
}

impl IfMatch {
    /// The version that the resource must have; `None`: any. Of several tags the newest counts, since versions grow.
    ///
    /// # Errors
    /// 412 if no tag can belong to this resource.
    pub fn version(&self) -> Result<Option<i64>, Problem> {
        match self {
            Self::Any => Ok(None),
            Self::OneOf(seen) => seen.iter().max().copied().map(Some).ok_or_else(|| {
                Problem::new(Code::PreconditionFailed, "No tag in `If-Match` belongs to this resource.")
            }),
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

impl Documented for IfMatch {
    fn document(demands: &mut Demands) {
        demands.reject_with(&[Code::MalformedRequest, Code::PreconditionFailed]);
    }
}

fn parse(values: &[Option<&str>]) -> Result<IfMatch, Problem> {
    let malformed =
        || Problem::malformed("The `If-Match` header must be `*` or tags in double quotes, as in `\"v3\"`.");
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
            // A weak tag never matches here, and a tag in another format matches nothing (§13.1.1).
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
            (&["W/\"v3\", \"v4\""], IfMatch::OneOf(vec![4])),
            (&["\"other\""], IfMatch::OneOf(vec![])),
            (&["\"\""], IfMatch::OneOf(vec![])),
            (&["\"v 3\""], IfMatch::OneOf(vec![])),
            (&["\"v9223372036854775808\""], IfMatch::OneOf(vec![])),
        ] {
            let values: Vec<_> = values.iter().map(|value| Some(*value)).collect();
            assert_eq!(parse(&values).unwrap(), expected, "{values:?}");
        }
        for bad in ["v3", "\"v3", "\"", "", "*, \"v3\"", "\"a\"b\"", "\"v3\", v4", "\"v3\",", "w/\"v3\"", "W/v3"] {
            assert_eq!(parse(&[Some(bad)]).unwrap_err().code(), Code::MalformedRequest, "{bad}");
        }
        for bad in [["*", "*"], ["*", "\"v3\""], ["\"v3\"", "*"], ["\"v3\"", "v4"]] {
            assert_eq!(parse(&bad.map(Some)).unwrap_err().code(), Code::MalformedRequest, "{bad:?}");
        }
        assert!(parse(&[None]).is_err());
        assert!(parse(&[Some("\"v3\""), None]).is_err());
    }

    #[test]
    fn the_newest_tag_counts() {
        assert_eq!(IfMatch::Any.version().unwrap(), None);
        assert_eq!(IfMatch::OneOf(vec![7, 6]).version().unwrap(), Some(7));
        assert_eq!(IfMatch::OneOf(vec![]).version().unwrap_err().code(), Code::PreconditionFailed);
    }

    #[test]
    fn a_tag_is_written_in_quotes() {
        let (name, value) = ETag(3).try_into_pair().unwrap();
        assert_eq!((name.as_str(), value.to_str().unwrap()), ("etag", "\"v3\""));
    }
}
