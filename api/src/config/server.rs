//! `[server]`

use std::net::SocketAddr;

use ipnet::IpNet;
use serde::Deserialize;

use self::network::networks;
use super::Invalid;

/// The HTTP server.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// The address to listen on. TLS is the work of a proxy in front, so this is loopback by default.
    pub bind: SocketAddr,
    /// What clients call the service, as in `https://id.example.org`: in the tokens' `iss`, in links. By default the
    /// address it listens on.
    pub public_url: Option<String>,
    /// Origins whose pages may call the API from a browser, as in `https://app.example.org`. None by default.
    pub cors_origins: Vec<String>,
    /// Networks whose `X-Forwarded-For` is believed. None by default.
    #[serde(deserialize_with = "networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// Threads that answer requests. By default one for each core.
    pub workers: Option<u16>,
    /// Seconds within which a client has to send the head of a request.
    pub head_seconds: u16,
    /// Seconds within which a client has to send the body of a request.
    pub body_seconds: u16,
    /// Seconds that an idle connection is kept open.
    pub keep_alive_seconds: u16,
    /// Seconds that requests under way have to end once the service is told to stop.
    pub shutdown_seconds: u16,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 8080)),
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
    /// Checks the URLs and the bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.public_url.as_deref().is_some_and(|url| !is_base_url(url)) {
            let wanted = "has to be an http or https URL without query and fragment, as in https://id.example.org";
            return Err(Invalid::new("server.public_url", wanted));
        }
        if let Some(origin) = self.cors_origins.iter().find(|origin| !is_origin(origin)) {
            let message = format!("{origin:?} is no origin; write scheme and host, as in https://app.example.org");
            return Err(Invalid::new("server.cors_origins", message));
        }
        if let Some(workers) = self.workers {
            Invalid::unless_within("server.workers", workers, 1..=1024)?;
        }
        Invalid::unless_within("server.head_seconds", self.head_seconds, 1..=600)?;
        Invalid::unless_within("server.body_seconds", self.body_seconds, 1..=600)?;
        Invalid::unless_within("server.keep_alive_seconds", self.keep_alive_seconds, 1..=3600)?;
        Invalid::unless_within("server.shutdown_seconds", self.shutdown_seconds, 0..=3600)
    }
}

fn is_base_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split('/').next().unwrap_or_default();
        is_authority(host) && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#\\\"<>@".contains(&byte))
    })
}

fn is_origin(origin: &str) -> bool {
    let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    rest.is_some_and(is_authority)
}

fn is_authority(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.:[]_".contains(&byte))
}

/// Reading networks.
mod network {
    use std::net::IpAddr;

    use ipnet::IpNet;
    use serde::{Deserialize, Deserializer, de::Error};

    /// A list of networks in CIDR notation. A single address is a network of one.
    pub fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let parsed = texts.iter().map(|text| {
            text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| {
                D::Error::custom(format_args!("{text:?} is no network; write an address or one with /bits"))
            })
        });
        parsed.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_and_urls_are_told_from_what_looks_like_them() {
        for good in ["https://app.example.org", "http://localhost:3000", "http://[::1]:8080"] {
            assert!(is_origin(good) && is_base_url(good), "{good}");
        }
        assert!(is_base_url("https://example.org/latchkey/"));
        for bad in ["*", "app.example.org", "https://", "https://a/b?c", "https://a b", "ftp://a", "https://u:p@h"] {
            assert!(!is_origin(bad) && !is_base_url(bad), "{bad}");
        }
        assert!(!is_origin("https://app.example.org/"));
    }

    #[test]
    fn bounds_name_their_key() {
        let error = Server { head_seconds: 0, ..Server::default() }.validate().unwrap_err();
        assert_eq!(error.to_string(), "server.head_seconds: has to be from 1 to 600");
    }
}
