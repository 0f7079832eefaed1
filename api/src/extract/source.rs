//! Determines where a request comes from.

use std::{
    future::{Ready, ready},
    net::IpAddr,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{HeaderMap, HeaderName, USER_AGENT},
};
use ipnet::IpNet;
use service::Source;

use super::{Demands, Documented, authenticated::app};
use crate::{
    middleware::RequestId,
    problem::{Problem, Result},
};

/// Characters of the user agent that are kept.
const USER_AGENT_CHARS: usize = 256;

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Where a request comes from: for throttling, for the list of sessions, for the audit log.
#[derive(Clone, Debug)]
pub struct ClientSource(pub Source);

impl ClientSource {
    /// Where `request` comes from.
    pub fn of(request: &HttpRequest) -> Result<Source> {
        let trusted = &app(request)?.trusted_proxies;
        // A client that has already disconnected has no address any more. Its request is not processed: it could not be
        // counted.
        let gone = || Problem::malformed("The connection was closed before the request was processed.");
        let peer = request.peer_addr().ok_or_else(gone)?;
        Ok(source(peer.ip(), request.headers(), trusted, request_id(request)))
    }
}

impl FromRequest for ClientSource {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).map(Self))
    }
}

/// It rejects only clients that are gone, who get no reply.
impl Documented for ClientSource {
    fn document(_: &mut Demands) {}
}

/// The id of the request; every request has one.
fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.as_str().to_owned()).unwrap_or_default()
}

/// The source of a request with this id that came from `peer` with these headers.
fn source(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet], request_id: String) -> Source {
    let user_agent = headers.get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()));
    Source {
        address: client_address(peer, headers, trusted),
        user_agent: user_agent.map(|text| text.chars().filter(|c| !c.is_control()).take(USER_AGENT_CHARS).collect()),
        request_id,
    }
}

/// The client's address: the peer's, or, while that is a trusted proxy's, the one that it names in `X-Forwarded-For`.
/// Read from the right, because whatever is left of the first untrusted address may be made up.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut address = peer.to_canonical();
    let values: Vec<_> = headers.get_all(&FORWARDED_FOR).collect();
    for hop in values.iter().rev().flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b',')) {
        if !is_trusted(address, trusted) {
            break;
        }
        match std::str::from_utf8(hop).ok().and_then(|text| parse_hop(text.trim())) {
            Some(next) => address = next,
            None => break,
        }
    }
    address
}

/// Whether this peer is trusted to name the client.
pub fn is_trusted(peer: IpAddr, trusted: &[IpNet]) -> bool {
    let peer = peer.to_canonical();
    trusted.iter().any(|network| network.contains(&peer))
}

/// An address, with or without a port.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(with_port).or_else(bracketed).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn address(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR.clone(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        client_address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn without_trusted_proxies_the_header_means_nothing() {
        assert_eq!(address("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(address("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.9");
    }

    #[test]
    fn the_rightmost_untrusted_address_is_the_client() {
        let proxies = ["10.0.0.0/8", "::1/128"];
        assert_eq!(address("10.0.0.1", &["198.51.100.1"], &proxies), "198.51.100.1");
        assert_eq!(address("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"], &proxies), "198.51.100.1");
        assert_eq!(address("10.0.0.1", &["6.6.6.6, 198.51.100.1", "10.0.0.2"], &proxies), "198.51.100.1");
        assert_eq!(address("::1", &["2001:db8::7"], &proxies), "2001:db8::7");
        assert_eq!(address("::ffff:10.0.0.1", &["198.51.100.1:4711"], &proxies), "198.51.100.1");
        assert_eq!(address("10.0.0.1", &["[2001:db8::7]"], &proxies), "2001:db8::7");
    }

    #[test]
    fn garbage_ends_the_chain() {
        assert_eq!(address("10.0.0.1", &["198.51.100.1, unknown"], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &["\u{e9}"], &["10.0.0.0/8"]), "10.0.0.1");
    }

    #[test]
    fn the_user_agent_is_cut() {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_str(&"x".repeat(300)).unwrap());
        let source = source("127.0.0.1".parse().unwrap(), &headers, &[], String::new());
        assert_eq!(source.user_agent.unwrap().len(), 256);
    }
}
