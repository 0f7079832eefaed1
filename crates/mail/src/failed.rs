//! Why a letter was not accepted. Says nothing about the recipient.

/// Why a letter was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendFailed {
    /// The server does not accept this letter for this recipient, now or later; the server's code, if the refusal is
    /// its own.
    #[error("the mail was rejected{}", in_brackets(*.0))]
    Refused(Option<u16>),
    /// The server does not accept this letter now (RFC 5321 §4.2.1: a code from 400 to 499).
    #[error("the mail was deferred (SMTP {0})")]
    PutOff(u16),
    /// The server can accept no letter at all.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
}

/// Why the server can accept no letter at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// It does not respond, or not in time.
    #[error("the mail server does not respond in time")]
    TimedOut,
    /// There is no connection, or it was lost.
    #[error("there is no connection to the mail server, or it was lost")]
    NoConnection,
    /// The connection cannot be encrypted: the server does not offer it, or its certificate is not trusted.
    #[error("the connection to the mail server cannot be encrypted")]
    NotEncrypted,
    /// The server does not greet, or violates the protocol.
    #[error("the mail server refuses the connection{}", in_brackets(*.0))]
    NoGreeting(Option<u16>),
    /// Username or password are wrong, or the server accepts none.
    #[error("the mail server rejects the user name and password{}", in_brackets(*.0))]
    NotSignedIn(Option<u16>),
    /// The server does not allow this sender.
    #[error("the mail server rejects mails from this sender{}", in_brackets(*.0))]
    SenderRefused(Option<u16>),
}

impl SendFailed {
    /// The server's status code.
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::PutOff(status) => Some(*status),
            Self::Refused(status)
            | Self::Unreachable(
                Unreachable::NoGreeting(status) | Unreachable::NotSignedIn(status) | Unreachable::SenderRefused(status),
            ) => *status,
            Self::Unreachable(Unreachable::TimedOut | Unreachable::NoConnection | Unreachable::NotEncrypted) => None,
        }
    }
}

fn in_brackets(status: Option<u16>) -> String {
    status.map_or_else(String::new, |status| format!(" (SMTP {status})"))
}
