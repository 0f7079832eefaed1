//! The application's state: what every request can reach.

use std::sync::Arc;

use ipnet::IpNet;
use kernel::Clock;
use service::Service;

use crate::middleware::Unheard;

/// The application's state: created once, shared by all threads.
pub struct App {
    /// The service's operations.
    pub service: Service,
    /// Where `now` comes from.
    pub clock: Arc<dyn Clock>,
    /// Whether clients reach the service over TLS.
    pub is_https: bool,
    /// Networks whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Reports proxies that are not trusted.
    pub unheard: Unheard,
}

#[cfg(test)]
impl App {
    /// A state with an empty database and hashes that cost nothing.
    pub async fn for_tests() -> (Self, tempfile::TempDir) {
        use crate::config::{Config, PasswordHashing};

        let directory = tempfile::tempdir().unwrap();
        let password_hashing = PasswordHashing { weak_for_tests: true, threads: Some(1), ..PasswordHashing::default() };
        let config = Config { data_dir: directory.path().join("data"), password_hashing, ..Config::default() };
        let clock: Arc<dyn Clock> = Arc::new(kernel::SystemClock);
        let service =
            crate::open::open_service(&config, Arc::clone(&clock), &store::Progress::default()).await.unwrap();
        let app = Self { service, clock, is_https: false, trusted_proxies: Vec::new(), unheard: Unheard::default() };
        (app, directory)
    }
}
