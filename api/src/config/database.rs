//! `[database]`

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::Invalid;

/// The database.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `postgres://…`, or `sqlite:` and a path. By default the file `latchkey.db` in the data directory. Secret, because
    /// it may hold a password.
    pub url: Option<SecretString>,
    /// Connections that are kept: to PostgreSQL for all work, to SQLite for reading.
    pub connections: u16,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: None, connections: 8 }
    }
}

impl Database {
    /// Checks the kind of database and the bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if let Some(url) = &self.url {
            if !known.iter().any(|scheme| url.expose_secret().starts_with(scheme)) {
                return Err(Invalid::new("database.url", "has to begin with postgres:// or sqlite:"));
            }
        }
        Invalid::unless_within("database.connections", self.connections, 1..=1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_databases_are_refused() {
        let with = |url: &str| Database { url: Some(url.into()), ..Database::default() }.validate();
        with("postgres://latchkey@localhost/latchkey").unwrap();
        with("sqlite:/var/lib/latchkey/latchkey.db").unwrap();
        assert_eq!(with("mysql://root:hunter2@localhost").unwrap_err().key, "database.url");
    }
}
