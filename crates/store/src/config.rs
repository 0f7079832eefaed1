//! Where the database is and how much work may wait for it.

use std::{fmt, time::Duration};

/// How to open a [`Store`](crate::Store). The fields are public so that the configuration can set those it knows.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// `sqlite://PATH` (a third slash begins an absolute path), or a `postgres://…` URL as libpq reads it.
    pub url: String,
    /// How many closures run at once. On PostgreSQL, that many connections; on SQLite, that many readers beside the one
    /// writer. At least 1.
    pub connections: u16,
    /// Whether a connection pooler in front of the PostgreSQL server assigns server connections per transaction.
    /// Nothing is then kept on a connection beyond a transaction.
    pub pooler: bool,
    /// How many closures may wait in a queue (SQLite has one for reads and one for writes). Beyond that,
    /// [`StoreError::Overloaded`](crate::StoreError::Overloaded). At least 1.
    pub queue: u16,
    /// A closure that waited longer is not run.
    pub queue_deadline: Duration,
    /// How long one statement may take on PostgreSQL, including waits for locks; and how long a writer waits for
    /// another process to finish writing to the same SQLite file. In whole milliseconds.
    pub statement_timeout: Duration,
    /// After this time the caller gets an answer whatever became of the closure: the last resort when the server or the
    /// disk hangs.
    pub answer_deadline: Duration,
}

impl StoreConfig {
    /// The defaults, for the database at `url`.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections: 8,
            pooler: false,
            queue: 1024,
            queue_deadline: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(5),
            answer_deadline: Duration::from_secs(15),
        }
    }

    /// The same for a command that works beside a busy server. SQLite lets one process write at a time and has no
    /// queue, so a newcomer must retry often. Only the person who typed the command waits for the answer.
    #[must_use]
    pub fn with_long_waits(self) -> Self {
        let long = Duration::from_secs(60);
        Self { queue_deadline: long, statement_timeout: long, answer_deadline: long * 2, ..self }
    }

    /// Where the database is, in readable form: without user, password and parameters.
    pub fn place(&self) -> String {
        match self.location() {
            Ok(Location::Sqlite(path)) => {
                std::path::absolute(&path).map_or(path, |path| path.to_string_lossy().into_owned())
            }
            Ok(Location::Postgres(url)) => {
                let rest = url.split_once("://").map_or("", |(_, rest)| rest);
                let rest = rest.split(['?', '#']).next().unwrap_or_default();
                format!("postgres://{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host))
            }
            Err(InvalidUrl) => "an unknown place".to_owned(),
        }
    }

    /// The file, if the database is SQLite.
    pub fn file(&self) -> Option<std::path::PathBuf> {
        match self.location() {
            Ok(Location::Sqlite(path)) => Some(path.into()),
            Ok(Location::Postgres(_)) | Err(InvalidUrl) => None,
        }
    }

    /// Which database the URL names.
    pub(crate) fn location(&self) -> Result<Location, InvalidUrl> {
        if let Some(rest) = self.url.strip_prefix("postgres://").or_else(|| self.url.strip_prefix("postgresql://")) {
            return if has_readable_user(rest) { Ok(Location::Postgres(self.url.clone())) } else { Err(InvalidUrl) };
        }
        let path = self.url.strip_prefix("sqlite://").ok_or(InvalidUrl)?;
        // Every connection to ":memory:" has a database of its own; "file:" would make SQLite read options.
        if path.is_empty() || path.starts_with(':') || path.starts_with("file:") {
            return Err(InvalidUrl);
        }
        Ok(Location::Sqlite(path.to_owned()))
    }
}

/// Whether user and password are percent-encoded where they must be. libpq would otherwise split the URL in the wrong
/// places and quote pieces of the password in its message.
fn has_readable_user(rest: &str) -> bool {
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let encoded = |text: &str| {
        text.split('%')
            .skip(1)
            .all(|after| after.as_bytes().iter().take(2).filter(|byte| byte.is_ascii_hexdigit()).count() == 2)
    };
    authority.matches('@').count() <= 1 && !path.contains('@') && encoded(rest)
}

/// The URL may hold a password.
impl fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, connections, pooler, queue, queue_deadline, statement_timeout, answer_deadline } = self;
        f.debug_struct("StoreConfig")
            .field("url", &url.split_once(':').map_or("", |(scheme, _)| scheme))
            .field("connections", connections)
            .field("pooler", pooler)
            .field("queue", queue)
            .field("queue_deadline", queue_deadline)
            .field("statement_timeout", statement_timeout)
            .field("answer_deadline", answer_deadline)
            .finish()
    }
}

/// Which database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// The file's path.
    Sqlite(String),
    /// The server's URL.
    Postgres(String),
}

/// The URL names no database that this crate knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InvalidUrl;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_file_or_a_server() {
        let location = |url: &str| StoreConfig::new(url).location();
        assert_eq!(location("sqlite:///var/lib/x.db"), Ok(Location::Sqlite("/var/lib/x.db".to_owned())));
        assert_eq!(location("sqlite://x.db"), Ok(Location::Sqlite("x.db".to_owned())));
        assert_eq!(location("postgresql://h/d"), Ok(Location::Postgres("postgresql://h/d".to_owned())));
        for good in
            ["postgres://", "postgres:///d", "postgres://u@h:1/d?sslmode=require", "postgres://u:p%40%2F@[::1]/d"]
        {
            assert!(location(good).is_ok(), "{good}");
        }
        for bad in ["postgres://u:p@ss@h/d", "postgres://u:p/ss@h/d", "postgres://u:p?s@h/d", "postgres://u:100%@h/d"] {
            assert_eq!(location(bad), Err(InvalidUrl), "{bad}");
        }
        for bad in ["", "x.db", "mysql://h/d", "sqlite://", "sqlite://:memory:", "sqlite://file:x?mode=memory"] {
            assert_eq!(location(bad), Err(InvalidUrl), "{bad}");
        }
    }

    #[test]
    fn the_place_tells_no_password() {
        let place = |url: &str| StoreConfig::new(url).place();
        assert_eq!(place("sqlite:///srv/x.db"), "/srv/x.db");
        assert_eq!(place("postgres://ann:hunter2@db:5432/latchkey?password=hunter2"), "postgres://db:5432/latchkey");
        assert_eq!(place("postgresql:///latchkey"), "postgres:///latchkey");
        assert_eq!(StoreConfig::new("sqlite:///srv/x.db").file(), Some("/srv/x.db".into()));
        assert_eq!(StoreConfig::new("postgres://db/latchkey").file(), None);
    }

    #[test]
    fn debug_shows_no_password() {
        let shown = format!("{:?}", StoreConfig::new("postgres://latchkey:hunter2@db/latchkey"));
        assert!(shown.contains("\"postgres\"") && !shown.contains("hunter2"), "{shown}");
    }
}
