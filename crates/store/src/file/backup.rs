//! Copies a SQLite database while others use it.

use std::{
    fs, io,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use diesel::{
    Connection as _, RunQueryDsl as _, SqliteConnection, connection::SimpleConnection as _, sql_query, sql_types::Text,
};
use tempfile::{NamedTempFile, TempDir};
use thiserror::Error;

use super::{FileError, alone::look, directory_of, existing, has_one_name, is_writable, real_path};
use crate::{
    StoreConfig,
    config::{InvalidUrl, Location},
    migrate,
};

/// Suffixes of the files that belong to a database.
const OWN_ENDS: [&str; 4] = ["-wal", "-shm", "-journal", "-lock"];

/// A copy to be made: a snapshot of one moment, with everything that was acknowledged before it began. Blocks nobody.
#[derive(Debug)]
pub struct Backup {
    from: PathBuf,
    to: PathBuf,
    aside: NamedTempFile,
    /// Where the copy grows, with the files SQLite needs beside it.
    place: TempDir,
    timeout: Duration,
}

/// Why there is no copy.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The URL is of an unknown kind.
    #[error("the database URL cannot be read")]
    InvalidUrl,
    /// PostgreSQL has its own programs for that.
    #[error(
        "the database is PostgreSQL; make a backup with its own program, beside the running service: pg_dump \
         --format=custom --file={} DATABASE_URL",
        to.display()
    )]
    Postgres {
        /// The path of the copy.
        to: PathBuf,
    },
    /// Nothing to copy.
    #[error("there is no database yet: {} does not exist", path.display())]
    NoDatabase {
        /// The file that is not there.
        path: PathBuf,
    },
    /// The path exists already.
    #[error("{} already exists, and a backup never replaces a file: choose another name", path.display())]
    Exists {
        /// The path of the copy.
        path: PathBuf,
    },
    /// The copy would be taken for a part of the database.
    #[error(
        "{} is the name of a file that belongs to the database itself: choose another name",
        path.display()
    )]
    OwnName {
        /// The path of the copy.
        path: PathBuf,
    },
    /// The file is not a Latchkey database.
    #[error("{} is not a Latchkey database: it has none of the tables. Is database.url the right one?", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The copy cannot be written.
    #[error("the backup {} cannot be written: {source}", path.display())]
    Write {
        /// The path of the copy.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The database cannot be used.
    #[error("the database cannot be copied: {0}")]
    File(#[from] FileError),
}

impl Backup {
    /// Begins with an empty file (mode 0600) in a directory beside `to` that is removed with this value.
    pub fn begin(config: &StoreConfig, to: &Path) -> Result<Self, BackupError> {
        let from = match config.location() {
            Ok(Location::Sqlite(path)) => PathBuf::from(path),
            Ok(Location::Postgres(_)) => return Err(BackupError::Postgres { to: to.to_owned() }),
            Err(InvalidUrl) => return Err(BackupError::InvalidUrl),
        };
        look(&from)?;
        if !fs::exists(&from).map_err(FileError::io(&from))? {
            return Err(BackupError::NoDatabase { path: from });
        }
        has_one_name(&from)?;
        if !is_writable(&from) {
            return Err(FileError::NotWritable { path: from }.into());
        }
        if belongs_to(&from, to) {
            return Err(BackupError::OwnName { path: to.to_owned() });
        }
        // A dangling link also counts.
        if fs::symlink_metadata(to).is_ok() {
            return Err(BackupError::Exists { path: to.to_owned() });
        }
        let write = |source| BackupError::Write { path: to.to_owned(), source };
        let mut name = to.file_name().ok_or_else(|| write(io::ErrorKind::InvalidFilename.into()))?.to_owned();
        name.push(".");
        let place = tempfile::Builder::new().prefix(&name).suffix(".partial").tempdir_in(directory_of(to));
        let place = place.map_err(write)?;
        let aside = NamedTempFile::new_in(place.path()).map_err(write)?;
        Ok(Self { from, to: to.to_owned(), aside, place, timeout: config.statement_timeout })
    }

    /// How to stop the copy from another thread.
    pub fn stopper(&self) -> Stopper {
        Stopper { aside: self.aside.path().to_owned(), place: self.place.path().to_owned() }
    }

    /// Makes the copy, and renames it to its final name once all of it is on disk.
    pub fn run(self) -> Result<(), BackupError> {
        let Self { from, to, aside, place: _place, timeout } = self;
        let is_ours = copy(&from, aside.path(), timeout);
        if !is_ours.map_err(|why| FileError::Sqlite { path: from.clone(), why })? {
            return Err(BackupError::NotOurs { path: from });
        }
        let write = |source| BackupError::Write { path: to.clone(), source };
        // SQLite does not wait for the disk here.
        aside.as_file().sync_all().map_err(write)?;
        aside.persist_noclobber(&to).map_err(|failed| match failed.error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists { path: to.clone() },
            _ => write(failed.error),
        })?;
        fs::File::open(directory_of(&to)).and_then(|directory| directory.sync_all()).map_err(write)
    }
}

/// Removes an incomplete copy.
#[derive(Debug)]
pub struct Stopper {
    aside: PathBuf,
    place: PathBuf,
}

impl Stopper {
    /// Removes it. `false`: too late, the copy is complete and has its name.
    pub fn stop(self) -> bool {
        // `run` renames this file once it is complete: whoever takes its name first wins.
        let is_stopped = fs::remove_file(self.aside).is_ok();
        // At worst an empty directory stays.
        let _removed = fs::remove_dir_all(self.place);
        is_stopped
    }
}

/// Whether `to` is the name of a file that SQLite or a Latchkey server keeps beside the database.
fn belongs_to(from: &Path, to: &Path) -> bool {
    let (Ok(from), Ok(to)) = (real_path(from), real_path(to)) else { return false };
    let end = to.as_os_str().as_bytes().strip_prefix(from.as_os_str().as_bytes());
    end.is_some_and(|end| OWN_ENDS.iter().any(|own| own.as_bytes() == end))
}

/// Makes the copy, if there is a Latchkey database to copy. Uses its own connection: nothing but SQLite opens the
/// database file here.
fn copy(from: &Path, to: &Path, timeout: Duration) -> Result<bool, String> {
    let mut conn = SqliteConnection::establish(&existing(from)).map_err(|error| error.to_string())?;
    let mut copied = || {
        conn.batch_execute(&format!("PRAGMA busy_timeout = {}; PRAGMA trusted_schema = OFF", timeout.as_millis()))?;
        if migrate::applied_to_file(&mut conn)?.is_empty() {
            return Ok(false);
        }
        sql_query("VACUUM INTO ?").bind::<Text, _>(existing(to)).execute(&mut conn)?;
        Ok(true)
    };
    copied().map_err(|error: diesel::result::Error| error.to_string())
}
