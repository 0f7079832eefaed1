//! Why a letter was not taken. Says nothing of whose it was.

/// Why a letter was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendFailed {
    /// The server does not take this letter for this recipient, now or later; its code, if it was the server who said so.
    #[error("the letter was refused{}", in_brackets(*.0))]
    Refused(Option<u16>),
    /// The server does not take this letter now (RFC 5321 §4.2.1: a code from 400 to 499).
    #[error("the letter was put off (SMTP {0})")]
    PutOff(u16),
    /// There is nobody to take any letter.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
}

/// Why the server can take no letter at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// It does not answer, or not in time.
    #[error("the mail server does not answer in time")]
    TimedOut,
    /// There is no connection, or it broke.
    #[error("there is no connection to the mail server, or it broke")]
    NoConnection,
    /// The connection cannot be encrypted: the server does not offer it, or its certificate is not trusted.
    #[error("the connection to the mail server cannot be encrypted")]
    NotEncrypted,
    /// The server does not greet us, or breaks the rules of the protocol.
    #[error("the mail server does not want to talk{}", in_brackets(*.0))]
    NoGreeting(Option<u16>),
    /// User name or password are wrong, or the server takes none.
    #[error("the mail server does not take the user name and password{}", in_brackets(*.0))]
    NotSignedIn(Option<u16>),
    /// The server does not let this sender send.
    #[error("the mail server does not take mails from this sender{}", in_brackets(*.0))]
    SenderRefused(Option<u16>),
}

impl SendFailed {
    /// What the server said, as a number.
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
