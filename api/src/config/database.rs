//! `[database]`

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::Invalid;

/// The database.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `postgres://…`, or `sqlite://` and a path, or `sqlite`, the default: the file `latchkey.db` in the data directory.
    /// Secret, because it may hold a password.
    pub url: Option<SecretString>,
    /// Connections that are kept: to PostgreSQL for all work, to SQLite for reading.
    pub connections: u16,
    /// Whether a connection pooler in transaction mode, such as `PgBouncer`, stands before the PostgreSQL server.
    pub pooler: bool,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: None, connections: 8, pooler: false }
    }
}

impl Database {
    /// Checks the kind of database and the bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        let known = ["sqlite://", "postgres://", "postgresql://"];
        if self.own_url().is_some_and(|url| !known.iter().any(|scheme| url.starts_with(scheme))) {
            return Err(Invalid::new("database.url", "has to be sqlite, sqlite:// with a path, or postgres://…"));
        }
        Invalid::unless_within("database.connections", self.connections, 1..=1000)
    }

    /// The URL that was set; `None` for the file in the data directory.
    pub fn own_url(&self) -> Option<&str> {
        self.url.as_ref().map(ExposeSecret::expose_secret).filter(|url| *url != "sqlite")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_databases_are_refused() {
        let with = |url: &str| Database { url: Some(url.into()), ..Database::default() }.validate();
        with("postgres://latchkey@localhost/latchkey").unwrap();
        with("sqlite").unwrap();
        with("sqlite:///var/lib/latchkey/latchkey.db").unwrap();
        assert_eq!(with("mysql://root:hunter2@localhost").unwrap_err().key, "database.url");
    }
}
