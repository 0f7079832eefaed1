//! `[database]`

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use service::read_private_file;

use super::Invalid;

/// The database.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `postgres://…`, or `sqlite://` and a path, or `sqlite`, the default: the file `latchkey.db` in the data directory.
    /// Secret, because it may hold a password.
    pub url: Option<SecretString>,
    /// A file that holds the same, readable by its owner only.
    pub url_file: Option<PathBuf>,
    /// Connections that are kept: to PostgreSQL for all work, to SQLite for reading.
    pub connections: u16,
    /// Whether a connection pooler in transaction mode, such as `PgBouncer`, is in front of the PostgreSQL server.
    pub pooler: bool,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: None, url_file: None, connections: 8, pooler: false }
    }
}

impl Database {
    /// Checks the kind of database and the bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.url.is_some() && self.url_file.is_some() {
            return Err(Invalid::new("database.url", "cannot be combined with database.url_file"));
        }
        if let Some(why) = self.own_url().and_then(wrong_with) {
            return Err(Invalid::new("database.url", why));
        }
        Invalid::unless_within("database.connections", self.connections, 1..=1000)
    }

    /// Replaces the URL by the content of the file, if one is named.
    pub fn read_url_file(&mut self) -> Result<(), Invalid> {
        let Some(path) = self.url_file.as_ref().filter(|_| self.url.is_none()) else { return Ok(()) };
        let text = read_private_file(path).map_err(|why| Invalid::new("database.url_file", why.to_string()))?;
        let url = SecretString::from(text.trim());
        if let Some(why) = Some(url.expose_secret()).filter(|url| *url != "sqlite").and_then(wrong_with) {
            return Err(Invalid::new("database.url_file", why));
        }
        (self.url, self.url_file) = (Some(url), None);
        Ok(())
    }

    /// The URL that was set; `None` for the file in the data directory.
    pub fn own_url(&self) -> Option<&str> {
        self.url.as_ref().map(ExposeSecret::expose_secret).filter(|url| *url != "sqlite")
    }
}

/// Why this cannot be a database URL, in words that quote nothing.
fn wrong_with(url: &str) -> Option<&'static str> {
    let known = ["sqlite://", "postgres://", "postgresql://"];
    if !known.iter().any(|scheme| url.starts_with(scheme)) {
        return Some("must be sqlite, sqlite:// with a path, or postgres://…");
    }
    if url.trim() != url || url.contains(char::is_control) {
        return Some("must not begin or end with a space, or contain a line break");
    }
    // SQLite would take them for a part of the file's name.
    let has_parameters = url.starts_with("sqlite://") && url.contains(['?', '#']);
    has_parameters.then_some("must have a path and no parameters after sqlite://")
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn other_databases_are_refused() {
        let with = |url: &str| Database { url: Some(url.into()), ..Database::default() }.validate();
        with("postgres://latchkey@localhost/latchkey").unwrap();
        with("sqlite").unwrap();
        with("sqlite:///var/lib/latchkey/latchkey.db").unwrap();
        assert_eq!(with("mysql://root:hunter2@localhost").unwrap_err().key, "database.url");
    }

    #[test]
    fn what_would_name_another_file_is_refused() {
        let with = |url: &str| Database { url: Some(url.into()), ..Database::default() }.validate();
        for bad in
            ["sqlite:///srv/x.db?mode=ro", "sqlite:///srv/x.db ", "postgres://h/d\n", "sqlite:x.db", "", "SQLITE://x"]
        {
            assert_eq!(with(bad).unwrap_err().key, "database.url", "{bad:?}");
        }
    }

    #[test]
    fn the_url_may_lie_in_a_file_of_its_own() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let read = |text: &str| {
            fs::write(&file, text).unwrap();
            let mut database = Database { url_file: Some(file.path().into()), ..Database::default() };
            database.read_url_file().map(|()| database.own_url().map(str::to_owned))
        };
        assert_eq!(read("postgres://ann:hunter2@h/d\n").unwrap().unwrap(), "postgres://ann:hunter2@h/d");
        assert_eq!(read("sqlite\n").unwrap(), None);
        for bad in ["", "\n", "mysql://ann:hunter2@h", "postgres://h/d\npostgres://h/e"] {
            let why = read(bad).unwrap_err();
            assert!(why.key == "database.url_file" && !why.to_string().contains("hunter2"), "{why}");
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let mut open = Database { url_file: Some(file.path().into()), ..Database::default() };
        assert!(open.read_url_file().unwrap_err().to_string().contains("chmod 600"));
        let both = Database { url: Some("sqlite".into()), url_file: Some("x".into()), ..Database::default() };
        assert_eq!(both.validate().unwrap_err().key, "database.url");
    }
}
