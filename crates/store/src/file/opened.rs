//! Checks whether the names of the files still lead to what SQLite has open.
//!
//! A file that was removed or replaced stays open and takes everything that is written to it, but nobody finds it after
//! the end of this process. So a write is acknowledged only after a check of the names. The check is a `stat`: opening
//! these files and closing them again would drop SQLite's locks.

use std::{
    fmt::{self, Display, Formatter},
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{FileError, real_path, stray::beside};

/// Suffixes of the files that exist as long as the database is open: the write-ahead log and its index.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// The message for further requests, once the details have been logged.
const TAKEN_AWAY: &str = "the database file was removed or replaced";

/// Identifies a file as long as it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    pub(super) inode: u64,
}

impl Identity {
    /// The identity of the file that has this name; `None` if there is none.
    pub(super) fn of(path: &Path) -> io::Result<Option<Self>> {
        match fs::metadata(path) {
            Ok(found) => Ok(Some(Self { device: found.dev(), inode: found.ino() })),
            Err(why) if matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(why) => Err(why),
        }
    }
}

impl Display for Identity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.device, self.inode)
    }
}

impl FromStr for Identity {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (device, inode) = text.split_once(' ').ok_or(())?;
        Ok(Self { device: device.parse().map_err(drop)?, inode: inode.parse().map_err(drop)? })
    }
}

/// The files of a database that is open.
#[derive(Debug)]
pub(crate) struct Opened {
    path: PathBuf,
    database: Identity,
    /// Set while the writer has them open.
    beside: Mutex<[Option<Identity>; 2]>,
    is_taken_away: AtomicBool,
}

impl Opened {
    /// Create this before SQLite opens the file, which must exist.
    pub(crate) fn at(path: &Path) -> Result<Self, FileError> {
        let identity = Identity::of(path).and_then(|found| found.ok_or_else(|| io::ErrorKind::NotFound.into()));
        let database = identity.map_err(FileError::io(path))?;
        Ok(Self { path: path.to_owned(), database, beside: Mutex::default(), is_taken_away: AtomicBool::new(false) })
    }

    /// Where SQLite would look for them if it opened the database now. If a link has replaced the file, or the other
    /// way round, it is the same file with another log.
    fn names_beside(&self) -> Result<[PathBuf; 2], String> {
        let real = real_path(&self.path).map_err(|why| unseen(&self.path, &why))?;
        Ok(BESIDE.map(|end| beside(&real, end)))
    }

    /// Whether a check has found that a file was removed or replaced. This never resets: what was written meanwhile may
    /// be lost even if the file is put back.
    pub(crate) fn is_taken_away(&self) -> bool {
        self.is_taken_away.load(Ordering::Relaxed)
    }

    /// Fails when the name of the database no longer leads to the file that was opened first.
    fn check_database(&self) -> Result<(), String> {
        if self.is_taken_away() {
            return Err(TAKEN_AWAY.to_owned());
        }
        self.compare(&self.path, self.database)
    }

    /// Remembers the files beside the database. Call it in a transaction of the writer, which has them open then; only
    /// an empty database has none before its first commit.
    pub(crate) fn note_beside(&self) -> Result<(), String> {
        let mut beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        if beside.iter().any(Option::is_none) {
            for (path, known) in self.names_beside()?.iter().zip(&mut *beside).filter(|(_, known)| known.is_none()) {
                *known = Identity::of(path).map_err(|why| unseen(path, &why))?;
            }
        }
        Ok(())
    }

    /// Fails when a file was removed or replaced, now or before, or when that cannot be determined.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.check_database()?;
        let beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        let names = self.names_beside()?;
        names.iter().zip(*beside).try_for_each(|(path, known)| known.map_or(Ok(()), |known| self.compare(path, known)))
    }

    /// Closes the writer's connection. If it is the last one, SQLite itself removes the files beside the database.
    pub(crate) fn closing(&self, close: impl FnOnce()) {
        let mut beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        close();
        let Ok(names) = self.names_beside() else { return };
        for (path, known) in names.iter().zip(&mut *beside) {
            if matches!(Identity::of(path), Ok(None)) {
                *known = None;
            }
        }
    }

    fn compare(&self, path: &Path, known: Identity) -> Result<(), String> {
        match Identity::of(path).map_err(|why| unseen(path, &why))? {
            Some(found) if found == known => Ok(()),
            Some(_) | None => Err(self.tell(path)),
        }
    }

    fn tell(&self, path: &Path) -> String {
        if !self.is_taken_away.swap(true, Ordering::Relaxed) {
            tracing::error!(
                file = %path.display(),
                "The database file, or a file that SQLite keeps beside it, was removed or replaced while the service \
                 is running. No more changes are acknowledged. Stop the service, put the right file in place, with its \
                 own -wal beside it or none, and start it again"
            );
        }
        TAKEN_AWAY.to_owned()
    }
}

fn unseen(path: &Path, why: &io::Error) -> String {
    format!("{}: {why}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_can_be_written_down() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let identity = Identity::of(file.path()).unwrap().unwrap();
        assert_eq!(identity.to_string().parse(), Ok(identity));
        for bad in ["", "1", "1 ", "1 2 3", "x 2"] {
            assert_eq!(bad.parse::<Identity>(), Err(()), "{bad:?}");
        }
    }
}
