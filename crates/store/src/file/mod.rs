//! The file of a SQLite database, which nothing but SQLite opens in this process.
//!
//! POSIX locks belong to the process: closing any descriptor of the file drops all locks that SQLite holds on it. The
//! next program then believes that it is the last one, and deletes the write-ahead log with everything that was
//! acknowledged. So SQLite also creates the file, and this module only asks about its name.

mod alone;
mod backup;
mod opened;
mod stray;

use std::{
    fmt::Write as _,
    fs, io,
    os::unix::{
        ffi::OsStrExt as _,
        fs::{MetadataExt as _, OpenOptionsExt as _},
    },
    path::{Path, PathBuf},
};

use diesel::{Connection as _, SqliteConnection};
use thiserror::Error;

pub use alone::{Alone, not_taken_away, serve_alone};
pub use backup::{Backup, BackupError, Stopper};
pub(crate) use opened::Opened;

/// More symbolic links than this are a loop.
const MOST_LINKS: usize = 40;

/// Why the file cannot be used.
#[derive(Debug, Error)]
pub enum FileError {
    /// The system returned an error.
    #[error("{}: {source}", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// This user may read the file but not write it.
    #[error("{}", not_writable(path))]
    NotWritable {
        /// The database file.
        path: PathBuf,
    },
    /// The system lets nobody write beside the database.
    #[error(
        "the database file {} cannot be written: no file can be created or opened in its directory ({source})",
        path.display()
    )]
    ReadOnly {
        /// The database file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// SQLite returned an error.
    #[error("{}: {why}", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// SQLite's message.
        why: String,
    },
    /// SQLite keeps the newest changes in a file whose name is derived from the database's.
    #[error(
        "the database file {} has {names} names (hard links), and SQLite loses changes when the file is opened by more \
         than one of them: keep only one name",
        path.display()
    )]
    ManyNames {
        /// The file, by one of its names.
        path: PathBuf,
        /// How many it has.
        names: u64,
    },
    /// Another process serves.
    #[error(
        "another `latchkey serve` uses the database file {}, and SQLite allows only one serving process: stop that one \
         first, or move to PostgreSQL, which allows many",
        path.display()
    )]
    ServedAlready {
        /// The file.
        path: PathBuf,
    },
    /// A log that SQLite would delete unread, or never see.
    #[error("{}", explain_stray(log, path, *is_link))]
    Stray {
        /// The write-ahead log.
        log: PathBuf,
        /// The name of its database.
        path: PathBuf,
        /// Whether that name is a link.
        is_link: bool,
    },
    /// Another process has it open, and SQLite would not find that process's changes.
    #[error(
        "another program has the database file {} open, and its write-ahead log is not beside it: the log was removed, \
         or the file was moved or linked while it was open. Stop that program first; otherwise changes would be lost",
        path.display()
    )]
    OpenElsewhere {
        /// The file.
        path: PathBuf,
    },
    /// Another process serves, and the file that it has open has lost its name.
    #[error(
        "the database file {} was removed or replaced while a running `latchkey serve` has the old one open: stop that \
         one first, put the right file in place, with its own -wal beside it or none, and start it again",
        path.display()
    )]
    TakenAway {
        /// The file.
        path: PathBuf,
    },
}

impl FileError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}

/// The message about a log that nothing would look for.
fn explain_stray(log: &Path, path: &Path, is_link: bool) -> String {
    let what = if is_link { "is now a link to another file" } else { "is missing or empty" };
    format!(
        "{} holds changes of a database that is no longer in place: {} {what}. Put that database back, or move the log \
         away if you can lose its changes",
        log.display(),
        path.display()
    )
}

/// The message about a file that cannot be written.
pub(crate) fn not_writable(path: &Path) -> String {
    format!(
        "the database file {} cannot be written: this user needs write access to the file, its directory and their \
         file system",
        path.display()
    )
}

/// Whether this process may write the file. Ask before SQLite opens it: what SQLite creates beside the file gets the
/// mode of the file, and a log that nobody may write stays behind.
pub(crate) fn is_writable(path: &Path) -> bool {
    use rustix::{
        fs::{Access, AtFlags, CWD, accessat},
        io::Errno,
    };
    // Any other fault is reported by whoever opens it.
    !matches!(accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS), Err(Errno::ACCESS | Errno::PERM | Errno::ROFS))
}

/// Creates the file (mode 0600) unless it exists.
pub(crate) fn create(path: &Path) -> Result<(), FileError> {
    if fs::exists(path).map_err(FileError::io(path))? {
        return Ok(());
    }
    // SQLite creates its files with the mode of another one. Of two processes that do this at once, one creates the
    // file.
    let like = lock_file(path)?;
    let sqlite = |error: diesel::ConnectionError| FileError::Sqlite {
        path: path.to_owned(),
        why: error.to_string().trim().to_owned(),
    };
    SqliteConnection::establish(&format!("{}?mode=rwc&modeof={}", uri(path), encoded(&like))).map(drop).map_err(sqlite)
}

/// Rejects a file that has other names.
pub(crate) fn has_one_name(path: &Path) -> Result<(), FileError> {
    match fs::metadata(path).map_err(FileError::io(path))?.nlink() {
        ..=1 => Ok(()),
        names => Err(FileError::ManyNames { path: path.to_owned(), names }),
    }
}

/// How to name an existing file to SQLite, whatever characters are in its path.
pub(crate) fn existing(path: &Path) -> String {
    format!("{}?mode=rw", uri(path))
}

fn uri(path: &Path) -> String {
    let authority = if path.is_absolute() { "//" } else { "" };
    format!("file:{authority}{}", encoded(path))
}

fn encoded(path: &Path) -> String {
    path.as_os_str().as_bytes().iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(byte) {
            text.push(char::from(*byte));
        } else {
            // Writing to a string does not fail.
            let _written = write!(text, "%{byte:02X}");
        }
        text
    })
}

fn lock_name(path: &Path) -> io::Result<PathBuf> {
    Ok(stray::beside(&real_path(path)?, "-lock"))
}

/// The file beside the database: the serving process holds a lock on it, and notes in it which file it has open.
/// Created unless it exists.
fn lock_file(path: &Path) -> Result<PathBuf, FileError> {
    let lock = lock_name(path).map_err(FileError::io(path))?;
    match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&lock) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(FileError::io(&lock)(error)),
        Ok(_) | Err(_) => Ok(lock),
    }
}

/// The path without symbolic links. The file itself need not exist.
fn real_path(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::canonicalize(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            outcome => return outcome,
        }
        let directory = directory_of(&path).to_owned();
        let Ok(target) = fs::read_link(&path) else {
            let name = path.file_name().ok_or(io::ErrorKind::NotFound)?;
            return Ok(fs::canonicalize(directory)?.join(name));
        };
        path = directory.join(target);
    }
    Err(io::ErrorKind::NotFound.into())
}

/// The directory in which `path` lies.
fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn any_name_can_be_told_to_sqlite() {
        assert_eq!(existing(Path::new("data/latchkey.db")), "file:data/latchkey.db?mode=rw");
        assert_eq!(existing(Path::new("/srv/a b?c#d%e&é.db")), "file:///srv/a%20b%3Fc%23d%25e%26%C3%A9.db?mode=rw");
        assert_eq!(existing(Path::new("//srv/x")), "file:////srv/x?mode=rw");
    }

    #[test]
    fn a_link_to_a_file_that_is_not_there_yet_is_followed() {
        let directory = tempfile::tempdir().unwrap();
        let real = fs::canonicalize(directory.path()).unwrap().join("real.db");
        let (one, two) = (directory.path().join("one.db"), directory.path().join("two.db"));
        symlink("two.db", &one).unwrap();
        symlink("real.db", &two).unwrap();
        for path in [&one, &two, &real] {
            assert_eq!(real_path(path).unwrap(), real);
        }
        let ring = directory.path().join("ring.db");
        symlink("ring.db", &ring).unwrap();
        assert!(real_path(&ring).is_err());
        assert!(real_path(&directory.path().join("no/such/directory.db")).is_err());
    }
}
