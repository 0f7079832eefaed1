//! Warns the operator about proxies that are not trusted, since all clients behind one then count as one source.

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use actix_web::http::header::HeaderMap;
use chrono::TimeDelta;
use ipnet::IpNet;
use kernel::Time;

use crate::extract::is_trusted;

/// Anybody may send these headers, as often as they like.
const AT_MOST_EVERY: TimeDelta = TimeDelta::seconds(60);

/// The header that is read.
const READ: &str = "x-forwarded-for";

/// Headers that other proxies send instead.
const NOT_READ: [&str; 2] = ["forwarded", "x-real-ip"];

/// Why a request's forwarding header is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    /// The peer is not a trusted proxy.
    Stranger,
    /// The peer is one, but sends a header that is not read.
    OtherHeader,
}

/// The time of the last warning.
#[derive(Default)]
pub struct Unheard(Mutex<Option<Time>>);

impl Unheard {
    /// Logs a warning when a request from `peer` names its origin in vain; at most once a minute.
    pub fn tell(&self, peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet], now: Time) {
        let Some(wrong) = wrong_with(peer, headers, trusted) else { return };
        if !self.is_due(now) {
            return;
        }
        let peer = peer.to_canonical();
        match wrong {
            Wrong::Stranger => tracing::warn!(
                %peer,
                "X-Forwarded-For from {peer} is ignored: server.trusted_proxies does not name this address, so all \
                 clients behind it count as one source. If it is your proxy, add it there"
            ),
            Wrong::OtherHeader => tracing::warn!(
                %peer,
                "the trusted proxy {peer} sends no X-Forwarded-For, and no other header is read: all clients behind it \
                 count as one source. Make it send X-Forwarded-For"
            ),
        }
    }

    fn is_due(&self, now: Time) -> bool {
        let mut told_at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back does not silence it.
        let is_soon = told_at.is_some_and(|at| at <= now && now - at < AT_MOST_EVERY);
        if !is_soon {
            *told_at = Some(now);
        }
        !is_soon
    }
}

fn wrong_with(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Option<Wrong> {
    let is_read = headers.contains_key(READ);
    let is_said = is_read || NOT_READ.iter().any(|name| headers.contains_key(*name));
    match (is_said, is_trusted(peer, trusted)) {
        (false, _) => None,
        (true, false) => Some(Wrong::Stranger),
        (true, true) => (!is_read).then_some(Wrong::OtherHeader),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};
    use chrono::DateTime;

    use super::*;

    fn wrong(peer: &str, names: &[&'static str], trusted: &[&str]) -> Option<Wrong> {
        let mut headers = HeaderMap::new();
        for name in names {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static("198.51.100.1"));
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        wrong_with(peer.parse().unwrap(), &headers, &trusted)
    }

    #[test]
    fn only_what_is_said_in_vain_is_told() {
        let proxies = ["10.0.0.0/8"];
        assert_eq!(wrong("192.0.2.1", &[], &[]), None);
        assert_eq!(wrong("192.0.2.1", &["x-forwarded-for"], &[]), Some(Wrong::Stranger));
        assert_eq!(wrong("192.0.2.1", &["forwarded"], &proxies), Some(Wrong::Stranger));
        assert_eq!(wrong("10.0.0.1", &["x-forwarded-for", "x-real-ip"], &proxies), None);
        assert_eq!(wrong("::ffff:10.0.0.1", &["x-forwarded-for"], &proxies), None);
        assert_eq!(wrong("10.0.0.1", &["x-real-ip"], &proxies), Some(Wrong::OtherHeader));
        assert_eq!(wrong("10.0.0.1", &[], &proxies), None);
    }

    #[test]
    fn once_a_minute_is_enough() {
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let unheard = Unheard::default();
        let due: Vec<bool> =
            [0, 1, 59, 60, 61, 120, 30].map(|seconds| unheard.is_due(start + TimeDelta::seconds(seconds))).into();
        assert_eq!(due, [true, false, false, true, false, true, true]);
    }
}
