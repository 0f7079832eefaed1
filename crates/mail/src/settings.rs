//! The operator's settings.

use std::time::Duration;

use lettre::message::Mailbox;
use secrecy::{ExposeSecret, SecretString};

use crate::server_url::ServerUrl;

/// How mails are sent. Without a server none are sent.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The server: `smtps://`, `smtp://…?tls=required` (STARTTLS), or `smtp://`, with username and password where the
    /// server requires them.
    pub smtp_url: Option<SecretString>,
    /// Whether passwords and codes may travel unencrypted to another machine.
    pub allow_plaintext: bool,
    /// The sender: an address, or a name and an address in angle brackets.
    pub from: String,
    /// How long one letter may take, from the connection to the server's confirmation.
    pub timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { smtp_url: None, allow_plaintext: false, from: String::new(), timeout: Duration::from_secs(30) }
    }
}

/// Why settings cannot be used, in words that quote nothing of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The server is invalid.
    #[error("{0}")]
    Server(&'static str),
    /// The sender is invalid.
    #[error("must be an email address, or a name and an address in angle brackets")]
    From,
}

/// Parsed settings.
pub(crate) struct Read {
    pub(crate) server: ServerUrl,
    pub(crate) from: Mailbox,
}

impl Settings {
    /// Whether they can be used.
    pub fn check(&self) -> Result<(), Refused> {
        self.read().map(drop)
    }

    /// `None`: nothing is sent.
    pub(crate) fn read(&self) -> Result<Option<Read>, Refused> {
        let from = || self.from.parse().map_err(|_| Refused::From);
        let Some(url) = &self.smtp_url else {
            // Invalid settings are reported even when there is no server that would need them.
            return if self.from.is_empty() { Ok(None) } else { from().map(|_: Mailbox| None) };
        };
        let server = ServerUrl::parse(url.expose_secret(), self.allow_plaintext).map_err(Refused::Server)?;
        Ok(Some(Read { server, from: from()? }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(url: &str, from: &str) -> Settings {
        Settings { smtp_url: Some(url.into()), from: from.to_owned(), ..Settings::default() }
    }

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        for good in ["id@example.org", "Latchkey <id@example.org>", "\"Acme, Inc.\" <id@example.org>"] {
            assert_eq!(with("smtps://mail.example.org", good).check(), Ok(()), "{good}");
        }
        for bad in ["", "id", "Latchkey", "a@example.org, b@example.org", "x <id@example.org>\r\nBcc: y@example.org"] {
            assert_eq!(with("smtps://mail.example.org", bad).check(), Err(Refused::From), "{bad}");
        }
    }

    #[test]
    fn without_a_server_only_the_sender_is_looked_at_and_nothing_secret_is_shown() {
        assert_eq!(Settings::default().check(), Ok(()));
        let from = |from: &str| Settings { from: from.to_owned(), ..Settings::default() }.check();
        assert_eq!((from("id@example.org"), from("Latchkey")), (Ok(()), Err(Refused::From)));
        let shown = format!("{:?}", with("smtps://ann:hunter2@mail.example.org", "id@example.org"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
