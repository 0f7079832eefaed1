//! Talks SMTP with the server.

use std::{error::Error as _, fmt, io, time::Duration};

use lettre::{
    message::Mailbox,
    transport::smtp::{
        Error,
        authentication::Mechanism,
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};

use crate::{
    Letter, Refused, SendFailed, Settings, Unreachable,
    letter::{self, Written},
    server_url::{Encryption, ServerUrl},
};

/// How passwords are sent. Both require an encrypted connection, or one that the operator trusts.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// Sends letters to the server. Knows how to reach it; a [`Line`] is a connection.
pub struct Postman {
    server: ServerUrl,
    tls: Option<TlsParameters>,
    hello: ClientId,
    from: Mailbox,
    timeout: Duration,
}

impl fmt::Debug for Postman {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postman(..)")
    }
}

/// A connection that is kept from one letter to the next; none at first, and none after a failure.
#[derive(Default)]
pub struct Line(Option<AsyncSmtpConnection>);

impl Line {
    /// Sends QUIT, and does not wait long for the reply.
    pub async fn hang_up(self) {
        if let Some(mut connection) = self.0 {
            let _unheard = tokio::time::timeout(Duration::from_secs(1), connection.quit()).await;
        }
    }
}

impl Postman {
    /// Reads the settings and the system's trusted certificates; `None`: no server is set.
    pub fn open(settings: &Settings) -> Result<Option<Self>, Refused> {
        let Some(read) = settings.read()? else { return Ok(None) };
        let tls = match read.server.encryption {
            Encryption::None => None,
            Encryption::IfOffered | Encryption::Required | Encryption::Wrapped => {
                let parameters = TlsParameters::new(read.server.host.clone());
                Some(parameters.map_err(|_| Refused::Server("names a host that no certificate can cover"))?)
            }
        };
        let name = read.server.hello.clone().unwrap_or_else(|| read.from.email.domain().to_owned());
        let (server, hello) = (read.server, ClientId::Domain(name));
        Ok(Some(Self { server, tls, hello, from: read.from, timeout: settings.timeout }))
    }

    /// Checks whether the server can be reached with the required encryption, and accepts the credentials. Sends
    /// nothing.
    pub async fn check(&self) -> Result<(), Unreachable> {
        let connection = tokio::time::timeout(self.timeout, self.connect()).await;
        Line(Some(connection.map_err(|_| Unreachable::TimedOut)??)).hang_up().await;
        Ok(())
    }

    /// Sends the letter to the server, over the existing connection or a new one.
    ///
    /// # Errors
    /// Why it was not accepted. When the reply to the whole letter is lost, it may have been.
    pub async fn send(&self, line: &mut Line, letter: &Letter) -> Result<(), SendFailed> {
        let written = letter::write(letter, &self.from)?;
        // An interrupted conversation cannot be continued: the connection is put back only after success.
        let kept = line.0.take();
        let sent = tokio::time::timeout(self.timeout, self.hand_over(kept, &written)).await;
        line.0 = Some(sent.map_err(|_| Unreachable::TimedOut)??);
        Ok(())
    }

    async fn hand_over(
        &self,
        kept: Option<AsyncSmtpConnection>,
        written: &Written,
    ) -> Result<AsyncSmtpConnection, SendFailed> {
        let mut connection = self.announce(kept, written).await?;
        let said = converse(&mut connection, written).await;
        if let Err(why) = said {
            Line(Some(connection)).hang_up().await;
            return Err(why);
        }
        Ok(connection)
    }

    /// Sends MAIL FROM: over the kept connection or, if that fails, over a new one.
    async fn announce(
        &self,
        kept: Option<AsyncSmtpConnection>,
        written: &Written,
    ) -> Result<AsyncSmtpConnection, SendFailed> {
        if let Some(mut connection) = kept {
            if connection.command(self.mail_from(&connection, written)?).await.is_ok() {
                return Ok(connection);
            }
            Line(Some(connection)).hang_up().await;
        }
        let mut connection = self.connect().await?;
        match connection.command(self.mail_from(&connection, written)?).await {
            Ok(_) => Ok(connection),
            Err(why) => {
                let failed = unreachable(&why, Unreachable::SenderRefused);
                Line(Some(connection)).hang_up().await;
                Err(failed.into())
            }
        }
    }

    /// # Errors
    /// [`SendFailed::Refused`] for an address that this server cannot read.
    fn mail_from(&self, connection: &AsyncSmtpConnection, written: &Written) -> Result<Mail, SendFailed> {
        let (mut parameters, server) = (Vec::new(), connection.server_info());
        let addresses: [&str; 2] = [self.from.email.as_ref(), written.to.as_ref()];
        if !addresses.iter().all(|address| address.is_ascii()) {
            if !server.supports_feature(Extension::SmtpUtfEight) {
                return Err(SendFailed::Refused(None));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !written.bytes.is_ascii() {
            if !server.supports_feature(Extension::EightBitMime) {
                return Err(SendFailed::Refused(None));
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok(Mail::new(Some(self.from.email.clone()), parameters))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Unreachable> {
        let wrapped = self.tls.clone().filter(|_| self.server.encryption == Encryption::Wrapped);
        let address = (self.server.host.as_str(), self.server.port);
        let connected = AsyncSmtpConnection::connect_tokio1(address, None, &self.hello, wrapped, None).await;
        let mut connection = connected.map_err(|why| unreachable(&why, Unreachable::NoGreeting))?;
        // After a failed handshake QUIT cannot be sent: lettre panics, or sends nothing.
        self.encrypt(&mut connection).await?;
        if let Some(credentials) = &self.server.credentials {
            let signed_in = connection.auth(&MECHANISMS, credentials).await;
            if let Err(why) = signed_in {
                let failed = unreachable(&why, Unreachable::NotSignedIn);
                Line(Some(connection)).hang_up().await;
                return Err(failed);
            }
        }
        Ok(connection)
    }

    async fn encrypt(&self, connection: &mut AsyncSmtpConnection) -> Result<(), Unreachable> {
        let wanted = match self.server.encryption {
            Encryption::None | Encryption::Wrapped => false,
            Encryption::IfOffered => connection.can_starttls(),
            Encryption::Required => true,
        };
        match &self.tls {
            Some(tls) if wanted => {
                let started = connection.starttls(tls.clone(), &self.hello).await;
                started.map_err(|_| Unreachable::NotEncrypted)
            }
            _ => Ok(()),
        }
    }
}

/// Sends the recipient and the text.
async fn converse(connection: &mut AsyncSmtpConnection, written: &Written) -> Result<(), SendFailed> {
    connection.command(Rcpt::new(written.to.clone(), Vec::new())).await.map_err(|why| not_taken(&why))?;
    connection.command(Data).await.map_err(|why| not_taken(&why))?;
    connection.message(&written.bytes).await.map_err(|why| not_taken(&why))?;
    Ok(())
}

/// What an answer to this letter means.
fn not_taken(why: &Error) -> SendFailed {
    match why.status().map(u16::from) {
        Some(status) if why.is_permanent() => SendFailed::Refused(Some(status)),
        Some(status) => SendFailed::PutOff(status),
        None => Unreachable::NoConnection.into(),
    }
}

/// Whether a handshake failed: `rustls` reports it with this kind of error, and `lettre` has none of its own for it.
fn is_about_certificates(why: &Error) -> bool {
    let mut source = why.source();
    while let Some(error) = source {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::InvalidData) {
            return true;
        }
        source = error.source();
    }
    false
}

/// The meaning of an answer that is not about this letter.
fn unreachable(why: &Error, said_no: fn(Option<u16>) -> Unreachable) -> Unreachable {
    if why.is_tls() || is_about_certificates(why) {
        return Unreachable::NotEncrypted;
    }
    match why.status() {
        Some(status) => said_no(Some(u16::from(status))),
        None if why.is_client() || why.is_response() => said_no(None),
        None => Unreachable::NoConnection,
    }
}
