//! What every request can reach.

use std::sync::Arc;

use ipnet::IpNet;
use kernel::Clock;

/// The application's state: made once, shared by all threads.
pub struct App {
    /// Where `now` comes from.
    pub clock: Arc<dyn Clock>,
    /// Whether clients reach the service by TLS.
    pub is_https: bool,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}

impl App {
    /// Whether the database can be reached and all migrations have run.
    pub async fn is_ready(&self) -> crate::problem::Result<()> {
        Ok(())
    }
}
