//! Queries an endpoint of the range protocol.

use std::{io, time::Duration};

use http_body_util::{BodyExt, Empty, Limited};
use hyper::{Request, StatusCode, Uri, body::Bytes, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

use crate::{
    hash::{Hash, PREFIX_DIGITS},
    range::{self, NotARange},
};

/// Bytes of a reply. Padded replies of Have I Been Pwned have about 60 KB.
const MAX_REPLY: usize = 1024 * 1024;

/// Why an endpoint cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EndpointRefused {
    /// Not a URL.
    #[error("the breached-password endpoint must be a URL that begins with http:// or https://")]
    NotAUrl,
    /// The certificates of the system cannot be read.
    #[error("the system's trusted certificates cannot be read: {0}")]
    NoRoots(#[source] io::Error),
}

/// Why a look-up failed. Says nothing about the password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskFailed {
    #[error("no response in time")]
    TimedOut,
    #[error("it cannot be reached: {0}")]
    Unreachable(&'static str),
    #[error("it responds with status {0}")]
    Status(u16),
    #[error("the reply is incomplete or larger than 1 MiB")]
    Body,
    #[error(transparent)]
    NotARange(#[from] NotARange),
}

/// An endpoint of the range protocol.
pub(crate) struct Endpoint {
    base: String,
    timeout: Duration,
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
}

impl Endpoint {
    /// `base`: the part before `/range/`.
    pub(crate) fn new(base: &str, timeout: Duration) -> Result<Self, EndpointRefused> {
        let base = base.trim_end_matches('/').to_owned();
        let uri: Uri = format!("{base}/range/00000").parse().map_err(|_| EndpointRefused::NotAUrl)?;
        if uri.host().is_none_or(str::is_empty) || uri.query().is_some() {
            return Err(EndpointRefused::NotAUrl);
        }
        let provider = rustls::crypto::ring::default_provider();
        let connector = match uri.scheme_str() {
            Some("https") => HttpsConnectorBuilder::new()
                .with_provider_and_native_roots(provider)
                .map_err(EndpointRefused::NoRoots)?
                .https_only()
                .enable_http1()
                .build(),
            // No certificate is checked, so none need be installed.
            Some("http") => {
                let roots = rustls::RootCertStore::empty();
                let versions = rustls::ClientConfig::builder_with_provider(provider.into())
                    .with_safe_default_protocol_versions()
                    .map_err(|why| EndpointRefused::NoRoots(io::Error::other(why)))?;
                let tls = versions.with_root_certificates(roots).with_no_client_auth();
                HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build()
            }
            _ => return Err(EndpointRefused::NotAUrl),
        };
        Ok(Self { base, timeout, client: Client::builder(TokioExecutor::new()).build(connector) })
    }

    /// How often the password was seen; 0: never.
    pub(crate) async fn count(&self, hash: &Hash) -> Result<u64, AskFailed> {
        let digits = hash.digits();
        let (prefix, suffix) = digits.split_at_checked(PREFIX_DIGITS).ok_or(NotARange)?;
        let asked = tokio::time::timeout(self.timeout, self.ask(prefix));
        let body = asked.await.map_err(|_| AskFailed::TimedOut)??;
        Ok(range::count(&body, suffix)?)
    }

    async fn ask(&self, prefix: &str) -> Result<Bytes, AskFailed> {
        let request = Request::get(format!("{}/range/{prefix}", self.base))
            .header(header::USER_AGENT, concat!("latchkey/", env!("CARGO_PKG_VERSION")))
            .header("add-padding", "true")
            .body(Empty::new())
            .map_err(|_| AskFailed::Unreachable("no request can be built from it"))?;
        let response = self.client.request(request).await.map_err(|error| {
            AskFailed::Unreachable(if error.is_connect() { "no connection" } else { "the connection was lost" })
        })?;
        if response.status() != StatusCode::OK {
            return Err(AskFailed::Status(response.status().as_u16()));
        }
        let body = Limited::new(response.into_body(), MAX_REPLY).collect().await;
        body.map(http_body_util::Collected::to_bytes).map_err(|_| AskFailed::Body)
    }
}
