//! Pages of a list: `?limit=&cursor=`, `{items, next_cursor}` and `Link: rel="next"`.

use actix_web::HttpRequest;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Deserializer, de::Error};
use utoipa::IntoParams;

use crate::problem::Problem;

/// Maximum number of items per page: 1 to 100, by default 50.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u8);

impl Limit {
    /// The number of items.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let limit = text.parse().ok().filter(|limit| (1..=100).contains(limit));
        limit.map(Self).ok_or_else(|| D::Error::custom(Self::EXPECTED))
    }
}

impl Limit {
    /// What the parameter takes, in words.
    pub const EXPECTED: &str = "must be a number from 1 to 100";
}

/// Where a page begins: text that only this service reads, so that it may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// What the parameter takes, in words.
    pub const EXPECTED: &str = "must be the `next_cursor` of the previous page";

    /// The cursor after the item whose sort key is `key`.
    pub fn after(key: impl std::fmt::Display) -> Self {
        Self(key.to_string())
    }

    /// The sort key, if the text is one.
    pub fn key<K: std::str::FromStr>(&self) -> Option<K> {
        self.0.parse().ok()
    }

    /// The text for the client.
    pub fn encode(&self) -> String {
        BASE64URL_NOPAD.encode(self.0.as_bytes())
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok();
        let key = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        key.map(Self).ok_or_else(|| D::Error::custom(Self::EXPECTED))
    }
}

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Paging {
    /// Maximum number of items per page.
    #[param(value_type = u8, required = false, minimum = 1, maximum = 100, default = 50)]
    pub limit: Limit,
    /// The `next_cursor` of the previous page. Omit it to get the first page.
    #[param(value_type = String, required = false, nullable = false)]
    pub cursor: Option<Cursor>,
}

impl Paging {
    /// The sort key of the item that the page comes after.
    pub fn after<K: std::str::FromStr>(&self) -> Result<Option<K>, Problem> {
        let refuse = || Problem::malformed(format!("The query parameter `cursor` {}.", Cursor::EXPECTED));
        self.cursor.as_ref().map(|cursor| cursor.key().ok_or_else(refuse)).transpose()
    }

    /// Maximum number of items per page.
    pub fn limit(&self) -> u16 {
        self.limit.get().into()
    }
}

/// The value of the header `Link` for the page after this one: the same request with another cursor.
pub fn next_link(request: &HttpRequest, next: &Cursor) -> String {
    let kept = request.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let cursor = format!("cursor={}", next.encode());
    let query: Vec<_> = kept.chain([cursor.as_str()]).collect();
    format!("<{}?{}>; rel=\"next\"", request.path(), query.join("&"))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_next_page_keeps_the_filters() {
        let request = TestRequest::with_uri("/v1/users?limit=2&cursor=b2xk&status=active").to_http_request();
        let link = next_link(&request, &Cursor::after("ann"));
        assert_eq!(link, "</v1/users?limit=2&status=active&cursor=YW5u>; rel=\"next\"");
    }

    #[test]
    fn a_cursor_reads_back() {
        let text = Cursor::after("ann").encode();
        let cursor: Cursor = serde_json::from_value(text.into()).unwrap();
        assert_eq!(cursor.key::<String>().unwrap(), "ann");
        for bad in ["!", "YW5uYQ=", "_w"] {
            assert!(serde_json::from_value::<Cursor>(bad.into()).is_err(), "{bad}");
        }
    }

    #[test]
    fn limits_have_bounds() {
        for good in ["1", "50", "100"] {
            serde_json::from_value::<Limit>(good.into()).unwrap();
        }
        for bad in ["0", "101", "-1", "", "ten", "1.5"] {
            assert!(serde_json::from_value::<Limit>(bad.into()).is_err(), "{bad}");
        }
    }
}
