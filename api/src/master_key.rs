//! The master key: where it is, whether it is the right one, and when a new one may be created.

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use kernel::OsRandom;
use secrecy::ExposeSecret;
use service::{MasterKey, MasterKeyError};
use store::SealedValue;

use crate::config::Config;

/// A key, and where it was found.
pub struct Found {
    /// The key.
    pub key: MasterKey,
    /// The file, or the setting.
    pub place: String,
}

/// Why there is no usable master key. None is created in its place.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Something is there, but it is not a readable key.
    #[error("{}", unusable(place, why, *.is_needed))]
    Unusable {
        /// Where.
        place: String,
        /// What is wrong.
        why: MasterKeyError,
        /// Whether something in the database is sealed.
        is_needed: bool,
    },
    /// No key is there, and the database needs it.
    #[error(
        "the master key is gone: there is none at {place}, but the database {database} holds data that it sealed ({}): \
         restore it from your backup, or copy it from another node. Nothing else opens the keys that sign access \
         tokens, the secrets of all authenticator apps, and what waits to be imported, mailed or handed out. No new \
         key was created",
        tables.join(", ")
    )]
    Gone {
        /// Where the key was expected.
        place: String,
        /// The database.
        database: String,
        /// The tables with sealed values.
        tables: Vec<&'static str>,
    },
    /// There is a key, but the database needs another one.
    #[error(
        "this key is not the one that sealed this database: {place} opens nothing in {} of {database}, which was \
         sealed with another master key. Restore the right key from your backup, or set database.url to the database \
         that this key sealed{}",
        tables.join(", "),
        if *.was_made {
            ". This start created the key while another node created its own; this key was removed again. Copy the key \
             of that node"
        } else {
            ""
        }
    )]
    Another {
        /// Where the key was found.
        place: String,
        /// The database.
        database: String,
        /// The tables in which another key has sealed values.
        tables: Vec<&'static str>,
        /// Whether this start created it.
        was_made: bool,
    },
    /// A new key cannot be written.
    #[error("the data directory {} cannot be created: {source}", path.display())]
    DataDirectory {
        /// The directory.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

fn unusable(place: &str, why: &MasterKeyError, is_needed: bool) -> String {
    let why = match why {
        MasterKeyError::Malformed => format!("{place}: {why}"),
        // It names the file itself.
        MasterKeyError::File(why) => format!("the master key cannot be read: {why}"),
    };
    let advice = ". It sealed data in the database: restore it from your backup. No new key was created";
    if is_needed { why + advice } else { why }
}

/// The configured key, or the one that was generated before; `None` if there is none and none is needed. Read `sealed`
/// from the database before this call: whoever seals a value has stored the key before that.
pub fn find(config: &Config, sealed: &[SealedValue]) -> Result<Option<Found>, KeyError> {
    let place = place(config);
    let read = match (&config.keys.master_key, &config.keys.master_key_file) {
        (Some(text), _) => MasterKey::parse(text.expose_secret()).map(Some),
        (None, Some(path)) if !sealed.is_empty() && is_absent(path) => Ok(None),
        (None, Some(path)) => MasterKey::load(&absolute(path)).map(Some),
        (None, None) if is_absent(&generated(config)) => Ok(None),
        (None, None) => MasterKey::load(&generated(config)).map(Some),
    };
    match read {
        Err(why) => Err(KeyError::Unusable { place, why, is_needed: !sealed.is_empty() }),
        Ok(None) if sealed.is_empty() => Ok(None),
        Ok(None) => {
            let tables = sealed.iter().map(|value| value.table).collect();
            Err(KeyError::Gone { place, database: config.store().place(), tables })
        }
        Ok(Some(key)) => {
            let found = Found { key, place };
            found.check(config, sealed, false)?;
            Ok(Some(found))
        }
    }
}

/// Like [`find`]; if there is none and none is needed, creates one. Returns whether it did.
pub fn find_or_make(config: &Config, sealed: &[SealedValue]) -> Result<(Found, bool), KeyError> {
    if let Some(found) = find(config, sealed)? {
        return Ok((found, false));
    }
    make_data_directory(config)?;
    match MasterKey::load_or_create(&generated(config), &mut OsRandom) {
        Ok((key, made)) => Ok((Found { key, place: place(config) }, made)),
        Err(why) => Err(KeyError::Unusable { place: place(config), why, is_needed: false }),
    }
}

impl Found {
    /// Rejects a key that has not sealed the database's values. A key that this start created is deleted again: it has
    /// sealed nothing, and an operator who looks for the right one must not find it.
    pub fn check(&self, config: &Config, sealed: &[SealedValue], was_made: bool) -> Result<(), KeyError> {
        let tables = self.key.has_not_sealed(sealed);
        if tables.is_empty() {
            return Ok(());
        }
        if was_made && let Err(error) = fs::remove_file(generated(config)) {
            tracing::warn!(%error, place = self.place, "cannot remove a master key that does not fit the database");
        }
        Err(KeyError::Another { place: self.place.clone(), database: config.store().place(), tables, was_made })
    }
}

/// Where the key is expected, in readable form.
pub fn place(config: &Config) -> String {
    match (&config.keys.master_key, &config.keys.master_key_file) {
        (Some(_), _) => "keys.master_key".to_owned(),
        (None, Some(path)) => absolute(path).display().to_string(),
        (None, None) => generated(config).display().to_string(),
    }
}

/// Creates the data directory for its owner only, since the database and the key are in it.
pub fn make_data_directory(config: &Config) -> Result<(), KeyError> {
    let path = absolute(&config.data_dir);
    make_directory(&path).map_err(|source| KeyError::DataDirectory { path, source })
}

/// Creates directories that survive a loss of power.
fn make_directory(path: &Path) -> io::Result<()> {
    let is_missing = |directory: &&Path| !directory.as_os_str().is_empty() && !directory.exists();
    let missing: Vec<_> = path.ancestors().take_while(is_missing).collect();
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    for directory in missing {
        let above = directory.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        fs::File::open(above)?.sync_all()?;
    }
    Ok(())
}

fn generated(config: &Config) -> PathBuf {
    absolute(&config.data_dir).join("master.key")
}

/// The absolute path, for readers who do not know where the process was started.
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Whether nothing at all is there. A path that cannot be inspected, and a dangling link, count as something.
fn is_absent(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|why| why.kind() == io::ErrorKind::NotFound)
}
