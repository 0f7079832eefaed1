//! Looks passwords up in all sources.

use std::{path::PathBuf, sync::Arc, time::Duration};

use crate::{
    endpoint::{Endpoint, EndpointRefused},
    file::{FileRefused, HashFile},
    hash::Hash,
};

/// The sources and their settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// A sorted file of SHA-1 hashes.
    pub file: Option<PathBuf>,
    /// An endpoint of the range protocol: the part before `/range/`, such as `https://api.pwnedpasswords.com`.
    pub endpoint: Option<String>,
    /// How long to wait for the endpoint.
    pub timeout: Duration,
    /// How often a password must have been seen to count. Hashes without a count always count.
    pub min_count: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { file: None, endpoint: None, timeout: Duration::from_millis(1_500), min_count: 1 }
    }
}

/// Why a source cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file.
    #[error(transparent)]
    File(#[from] FileRefused),
    /// The endpoint.
    #[error(transparent)]
    Endpoint(#[from] EndpointRefused),
}

/// Whether a password is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is.
    Yes,
    /// No source that responded knows it.
    No,
    /// No source knows it, and at least one did not respond.
    Unanswered,
}

impl Known {
    const fn when(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }
}

/// The sources of breached passwords.
pub struct Breaches {
    file: Option<Arc<HashFile>>,
    endpoint: Option<Endpoint>,
    min_count: u64,
}

impl Breaches {
    /// Opens the file and checks whether it can be searched. The endpoint is not called.
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        let file = settings.file.as_deref().map(HashFile::open).transpose()?;
        let endpoint = settings.endpoint.as_deref().map(|base| Endpoint::new(base, settings.timeout)).transpose()?;
        Ok(Self { file: file.map(Arc::new), endpoint, min_count: settings.min_count.max(1) })
    }

    /// Whether there is a source.
    pub const fn can_be_asked(&self) -> bool {
        self.file.is_some() || self.endpoint.is_some()
    }

    /// Whether the password is known. A source that fails is logged, and not waited for longer than the settings allow.
    pub async fn know(&self, password: &str) -> Known {
        if !self.can_be_asked() {
            return Known::No;
        }
        let hash = Hash::of(password);
        match self.file_knows(hash).await {
            Known::Yes => Known::Yes,
            Known::No => self.endpoint_knows(hash).await,
            Known::Unanswered if self.endpoint_knows(hash).await == Known::Yes => Known::Yes,
            Known::Unanswered => Known::Unanswered,
        }
    }

    async fn file_knows(&self, hash: Hash) -> Known {
        let Some(file) = self.file.clone() else { return Known::No };
        match tokio::task::spawn_blocking(move || file.count(&hash)).await {
            Ok(Ok(count)) => Known::when(count.is_some_and(|count| count >= self.min_count)),
            Ok(Err(why)) => {
                tracing::warn!(%why, "the breached-password file cannot be searched; a password was not checked");
                Known::Unanswered
            }
            Err(_) => {
                tracing::error!("a search for a breached password panicked; the password was not checked");
                Known::Unanswered
            }
        }
    }

    async fn endpoint_knows(&self, hash: Hash) -> Known {
        let Some(endpoint) = &self.endpoint else { return Known::No };
        match endpoint.count(&hash).await {
            Ok(count) => Known::when(count >= self.min_count),
            Err(why) => {
                tracing::warn!(%why, "the breached-password endpoint cannot be queried; a password was not checked");
                Known::Unanswered
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
        sync::oneshot,
    };

    use super::*;

    /// Answers one request with `reply`, unchanged, and passes on what was requested.
    async fn answering(reply: String) -> (String, oneshot::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, hear) = oneshot::channel();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.unwrap();
            let _ = asked.send(String::from_utf8_lossy(&request[..length]).into_owned());
            let _ = stream.write_all(reply.as_bytes()).await;
            // The connection stays open until the client closes it.
            let _ = stream.read(&mut request).await;
        });
        (format!("http://{address}"), hear)
    }

    fn reply(status: &str, body: &str) -> String {
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    }

    fn breaches(endpoint: String, min_count: u64) -> Breaches {
        let timeout = Duration::from_millis(500);
        Breaches::open(&Settings { endpoint: Some(endpoint), timeout, min_count, ..Settings::default() }).unwrap()
    }

    async fn known(reply: String, min_count: u64) -> Known {
        let (endpoint, _asked) = answering(reply).await;
        breaches(endpoint, min_count).know("password").await
    }

    const SUFFIX: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";

    #[tokio::test]
    async fn an_endpoint_is_told_five_digits_and_asked_for_padding() {
        let (endpoint, asked) = answering(reply("200 OK", &format!("{SUFFIX}:3\r\n"))).await;
        assert_eq!(breaches(format!("{endpoint}/"), 1).know("password").await, Known::Yes);
        let request = asked.await.unwrap();
        assert!(request.starts_with("GET /range/5BAA6 HTTP/1.1\r\n"), "{request}");
        assert!(request.to_lowercase().contains("\r\nadd-padding: true\r\n"), "{request}");
        assert!(!request.contains("1E4C9") && !request.contains("password"), "{request}");
    }

    #[tokio::test]
    async fn counts_decide_and_padding_does_not_count() {
        assert_eq!(known(reply("200 OK", &format!("{SUFFIX}:10")), 10).await, Known::Yes);
        assert_eq!(known(reply("200 OK", &format!("{SUFFIX}:9")), 10).await, Known::No);
        assert_eq!(known(reply("200 OK", &format!("{SUFFIX}:0")), 0).await, Known::No);
        assert_eq!(known(reply("200 OK", &format!("{}:3", SUFFIX.replace('8', "7"))), 1).await, Known::No);
    }

    #[tokio::test]
    async fn an_endpoint_that_fails_knows_nothing_and_is_not_waited_for() {
        let yes = format!("{SUFFIX}:3");
        assert_eq!(known(reply("500 Internal Server Error", &yes), 1).await, Known::Unanswered);
        assert_eq!(known(reply("302 Found", &yes), 1).await, Known::Unanswered);
        assert_eq!(known(reply("200 OK", "<html>please sign in</html>"), 1).await, Known::Unanswered);
        assert_eq!(known("not HTTP at all\r\n\r\n".to_owned(), 1).await, Known::Unanswered);
        assert_eq!(known(String::new(), 1).await, Known::Unanswered);
        let large = format!("{yes}\r\n{}", format!("{}:1\r\n", "0".repeat(35)).repeat(30_000));
        assert!(large.len() > 1024 * 1024);
        assert_eq!(known(reply("200 OK", &large), 1).await, Known::Unanswered);
        let begun = std::time::Instant::now();
        let half = format!("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{yes}\r\n");
        assert_eq!(known(half, 1).await, Known::Unanswered);
        assert!(begun.elapsed() < Duration::from_secs(5));
        // Nobody listens there any more.
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert_eq!(breaches(format!("http://{gone}"), 1).know("password").await, Known::Unanswered);
    }

    #[tokio::test]
    async fn a_file_is_asked_first_and_its_counts_decide() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        writeln!(file, "{}:5", Hash::of("password").digits()).unwrap();
        let know = |min_count| {
            let settings = Settings { file: Some(file.path().to_owned()), min_count, ..Settings::default() };
            async move { Breaches::open(&settings).unwrap().know("password").await }
        };
        assert_eq!(know(5).await, Known::Yes);
        assert_eq!(know(6).await, Known::No);
        let none = Breaches::open(&Settings::default()).unwrap();
        assert!(!none.can_be_asked());
        assert_eq!(none.know("password").await, Known::No);
    }

    #[test]
    fn what_is_no_endpoint_is_refused_and_https_is_one() {
        let open = |endpoint: &str| {
            Breaches::open(&Settings { endpoint: Some(endpoint.to_owned()), ..Settings::default() }).map(|_| ())
        };
        for bad in ["", "api.pwnedpasswords.com", "ftp://example.org", "http://", "https://a/?x=", "http://a b"] {
            assert!(matches!(open(bad), Err(OpenError::Endpoint(EndpointRefused::NotAUrl))), "{bad}");
        }
        open("http://example.org/mirror/").unwrap();
    }
}
