//! Content negotiation by `Accept` (RFC 9110 §12.5.1).
//!
//! The `Accept` of actix-web orders what the client accepts and does not choose among offers. It also omits ranges that
//! are read here, such as `image/png;` and `image/png; q = 0.5`, so that their clients would get a 406.

use actix_web::http::header::{ACCEPT, HeaderMap};

/// One media range of `Accept` with its weight in thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    kind: String,
    subtype: String,
    weight: u16,
}

impl Range {
    /// Parses one range, as in `image/*;q=0.5`. Parameters other than `q` are ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut weight = 1_000;
        for (name, value) in parts.filter_map(|parameter| parameter.split_once('=')) {
            if name.trim().eq_ignore_ascii_case("q") {
                weight = parse_weight(value.trim())?;
            }
        }
        Some(Self { kind: kind.to_ascii_lowercase(), subtype: subtype.to_ascii_lowercase(), weight })
    }

    /// How specifically the range names this media type: 0 for `*/*`, 2 for the type itself.
    fn specificity(&self, kind: &str, subtype: &str) -> Option<u8> {
        match (self.kind.as_str(), self.subtype.as_str()) {
            ("*", "*") => Some(0),
            (own, "*") if own == kind => Some(1),
            (own, other) if own == kind && other == subtype => Some(2),
            _ => None,
        }
    }
}

/// `0`, `0.5`, `1.000`: at most three digits after the point.
fn parse_weight(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1_000),
        _ => None,
    }
}

/// The one of `offers` that the client prefers; the first of them without a preference. `None` if it accepts none.
pub fn preferred<'o>(headers: &HeaderMap, offers: &[&'o str]) -> Option<&'o str> {
    let accept: Vec<_> = headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok()).collect();
    if accept.iter().all(|value| value.trim().is_empty()) {
        return offers.first().copied();
    }
    let ranges: Vec<_> = accept.iter().flat_map(|value| value.split(',')).filter_map(Range::parse).collect();
    let mut best: Option<(&str, u16)> = None;
    for offer in offers {
        let weight = weight_of(offer, &ranges);
        if weight > best.map_or(0, |(_, weight)| weight) {
            best = Some((offer, weight));
        }
    }
    best.map(|(offer, _)| offer)
}

/// The weight of the most specific range that matches `offer`, 0 if none does.
fn weight_of(offer: &str, ranges: &[Range]) -> u16 {
    let (kind, subtype) = offer.split_once('/').unwrap_or((offer, ""));
    let named = ranges.iter().filter_map(|range| Some((range.specificity(kind, subtype)?, range.weight)));
    named.max().map_or(0, |(_, weight)| weight)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    const OFFERS: [&str; 4] = ["application/json", "image/svg+xml", "image/png", "text/plain"];

    #[test]
    fn weights_and_specificity_decide() {
        for (accept, expected) in [
            ("", Some("application/json")),
            ("*/*", Some("application/json")),
            ("image/*", Some("image/svg+xml")),
            ("image/png", Some("image/png")),
            ("IMAGE/PNG", Some("image/png")),
            ("image/*, image/svg+xml;q=0.1", Some("image/png")),
            ("application/json;q=0.2, text/plain;q=0.9", Some("text/plain")),
            ("text/html, application/xhtml+xml, */*;q=0.8", Some("application/json")),
            ("text/plain;charset=utf-8", Some("text/plain")),
            ("application/json;q=0, */*;q=0.1", Some("image/svg+xml")),
            ("application/json;q=0", None),
            ("text/html", None),
            ("application/json;q=2", None),
            ("image/png;q=0.0, */*;q=0.001", Some("application/json")),
            ("image/png;q=0.1, */*;q=0", Some("image/png")),
            ("*/*;q=0", None),
            // What actix-web would omit.
            ("image/png;", Some("image/png")),
            ("image/png; q = 0.5, text/plain;q=0.4", Some("image/png")),
            ("image/png;v", Some("image/png")),
            // What cannot be read is left out, and is not the same as no header.
            ("image/png;q=0.1234, text/plain;q=0.1", Some("text/plain")),
            ("*, text, text/plain;q=0.1", Some("text/plain")),
            ("text", None),
            (",", None),
            (" ", Some("application/json")),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(preferred(&headers, &OFFERS), expected, "{accept}");
        }
        assert_eq!(preferred(&HeaderMap::new(), &OFFERS), Some("application/json"));
    }

    #[test]
    fn all_lines_of_the_header_are_one_list() {
        let mut headers = HeaderMap::new();
        for line in [&b"image/png;q=0.3"[..], b"text/plain;q=0.4, image/svg+xml;q=0.1", b"", b"application/json, \xff"]
        {
            headers.append(ACCEPT, HeaderValue::from_bytes(line).unwrap());
        }
        // The last line is not text, so it does not count.
        assert_eq!(preferred(&headers, &OFFERS), Some("text/plain"));
    }
}
