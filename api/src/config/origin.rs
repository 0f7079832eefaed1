//! Origins of pages.

use url::Url;

/// The origin as a browser sends it (RFC 6454 §6.1): lowercase, ASCII, without the default port. `None`: the text is
/// not an origin, or more than one.
pub(super) fn normalised(text: &str) -> Option<String> {
    // The parser ignores spaces around an address.
    if text.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return None;
    }
    let rest = text.split_once("://").map(|(_, rest)| rest)?;
    let host = rest.strip_suffix('/').unwrap_or(rest);
    // Text that the parser would take for a path or a user; and no browser sends a wildcard.
    if host.is_empty() || host.contains(|c: char| "/\\?#@*,".contains(c)) {
        return None;
    }
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    Some(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        for (written, sent) in [
            ("https://app.example.org", "https://app.example.org"),
            ("HTTPS://App.Example.ORG", "https://app.example.org"),
            ("https://app.example.org:443", "https://app.example.org"),
            ("https://app.example.org:8443", "https://app.example.org:8443"),
            ("http://app.example.org:80", "http://app.example.org"),
            ("http://app.example.org:443", "http://app.example.org:443"),
            ("https://app.example.org/", "https://app.example.org"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
        ] {
            assert_eq!(normalised(written).as_deref(), Some(sent), "{written}");
        }
    }

    #[test]
    fn what_is_more_or_less_is_none() {
        for bad in
            ["", "*", "null", "app.example.org", "//app.example.org", "https://", "https:///", "https:/a", "ftp://a"]
        {
            assert_eq!(normalised(bad), None, "{bad}");
        }
        for bad in ["https://*.example.org", "https://a/b", "https://a//", "https://a?b", "https://a#b", "https://u@a"]
        {
            assert_eq!(normalised(bad), None, "{bad}");
        }
        for bad in ["https://a b", "https://a\tb", " https://a", "https://a:99999", "https://a,https://b", "file:///a"]
        {
            assert_eq!(normalised(bad), None, "{bad}");
        }
    }
}
