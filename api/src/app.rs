//! What every request can reach.

use std::sync::Arc;

use ipnet::IpNet;
use kernel::Clock;
use service::Service;

/// The application's state: made once, shared by all threads.
pub struct App {
    /// The verbs.
    pub service: Service,
    /// Where `now` comes from.
    pub clock: Arc<dyn Clock>,
    /// Whether clients reach the service by TLS.
    pub is_https: bool,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}
