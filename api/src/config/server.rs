//! `[server]`

use std::net::SocketAddr;

use ipnet::IpNet;
use serde::Deserialize;
use url::Url;

use super::{
    Bind, Invalid,
    list::list,
    networks::{is_too_wide, networks},
    origin,
};

/// The HTTP server.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// The address to listen on, or a host name: then all its addresses. TLS is left to a proxy in front, so this is
    /// loopback by default.
    pub bind: Bind,
    /// The URL that clients use, as in `https://id.example.org`: for the tokens' `iss` and in links. By default the
    /// address it listens on.
    pub public_url: Option<String>,
    /// Origins whose pages may call the API from a browser, as in `https://app.example.org`. None by default.
    #[serde(deserialize_with = "list")]
    pub cors_origins: Vec<String>,
    /// Networks whose `X-Forwarded-For` is trusted. None by default.
    #[serde(deserialize_with = "networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// Threads that answer requests. By default one per core.
    pub workers: Option<u16>,
    /// Seconds within which a client must send the head of a request.
    pub head_seconds: u16,
    /// Seconds within which a client must send the body of a request.
    pub body_seconds: u16,
    /// Seconds that an idle connection is kept open.
    pub keep_alive_seconds: u16,
    /// Seconds that running requests have to finish once the service is told to stop.
    pub shutdown_seconds: u16,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 8080)).into(),
            public_url: None,
            cors_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            workers: None,
            head_seconds: 10,
            body_seconds: 30,
            keep_alive_seconds: 75,
            shutdown_seconds: 30,
        }
    }
}

impl Server {
    /// Checks the URLs, the networks and the bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.public_url.as_deref().is_some_and(|url| !is_base_url(url)) {
            let wanted = "must be an http or https URL without user, query or fragment, as in https://id.example.org";
            return Err(Invalid::new("server.public_url", wanted));
        }
        self.origins()?;
        if let Some(at) = self.trusted_proxies.iter().position(is_too_wide) {
            let message = format!(
                "entry {} is wider than any proxy needs, up to the whole Internet: every host in it can claim any \
                 client address. Name the networks of your proxies, none wider than /{} (IPv6: /{})",
                at.saturating_add(1),
                super::networks::WIDEST_V4,
                super::networks::WIDEST_V6,
            );
            return Err(Invalid::new("server.trusted_proxies", message));
        }
        if let Some(workers) = self.workers {
            Invalid::unless_within("server.workers", workers, 1..=1024)?;
        }
        Invalid::unless_within("server.head_seconds", self.head_seconds, 1..=600)?;
        Invalid::unless_within("server.body_seconds", self.body_seconds, 1..=600)?;
        Invalid::unless_within("server.keep_alive_seconds", self.keep_alive_seconds, 1..=3600)?;
        Invalid::unless_within("server.shutdown_seconds", self.shutdown_seconds, 0..=3600)
    }

    /// The origins whose pages may call, as browsers send them.
    pub fn origins(&self) -> Result<Vec<String>, Invalid> {
        let normalised = self.cors_origins.iter().zip(1..).map(|(text, number): (&String, usize)| {
            origin::normalised(text).ok_or_else(|| {
                let message = format!(
                    "entry {number} is not an origin; write scheme and host and nothing after them, as in \
                     https://app.example.org"
                );
                Invalid::new("server.cors_origins", message)
            })
        });
        normalised.collect()
    }
}

fn is_base_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let plain = |rest: &str| {
        let host = rest.split('/').next().unwrap_or_default();
        let is_authority = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.:[]_".contains(&byte));
        let is_plain = rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#\\\"<>@{}".contains(&byte));
        !host.is_empty() && is_authority && is_plain
    };
    rest.is_some_and(plain) && Url::parse(url).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_told_from_what_looks_like_them() {
        for good in ["https://app.example.org", "http://localhost:3000", "http://[::1]:8080", "https://a/latchkey/"] {
            assert!(is_base_url(good), "{good}");
        }
        for bad in ["*", "app.example.org", "https://", "https://a/b?c", "https://a/#b", "https://a b", "ftp://a"] {
            assert!(!is_base_url(bad), "{bad}");
        }
        for bad in ["https://u:p@h", "https://a:99999", "https://[::1", "https://a/ ", " https://a", "https://{host}"] {
            assert!(!is_base_url(bad), "{bad}");
        }
    }

    #[test]
    fn origins_and_proxies_that_mean_nothing_or_everybody_name_their_key() {
        let with = |origin: &str| Server { cors_origins: vec![origin.to_owned()], ..Server::default() };
        assert_eq!(with("HTTPS://App.Example.Org:443/").origins().unwrap(), ["https://app.example.org"]);
        assert_eq!(with("https://app.example.org/page").validate().unwrap_err().key, "server.cors_origins");
        let open = Server { trusted_proxies: vec!["0.0.0.0/0".parse().unwrap()], ..Server::default() };
        assert_eq!(open.validate().unwrap_err().key, "server.trusted_proxies");
    }

    #[test]
    fn bounds_name_their_key() {
        let error = Server { head_seconds: 0, ..Server::default() }.validate().unwrap_err();
        assert_eq!(error.to_string(), "server.head_seconds: must be from 1 to 600");
    }
}
