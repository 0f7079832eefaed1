//! Ensures that one process serves from a SQLite file.

use std::{
    fmt::{self, Display, Formatter},
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    str::FromStr,
    time::{Duration, Instant},
};

use super::{FileError, has_one_name, lock_file, lock_name, opened::Identity, real_path, stray};
use crate::{OpenError, StoreConfig, config::Location};

/// How often the lock file may be removed by another process just as it is being locked or inspected.
const TRIES: usize = 10;

/// Pause between two tries. A process that inspects the lock holds it briefly.
const PAUSE: Duration = Duration::from_millis(10);

/// How long a server may take from the end of its last connection to its own end.
const PATIENCE: Duration = Duration::from_secs(2);

/// The right to serve from a SQLite file. It ends with this value, and with the process, however that ends.
#[derive(Debug)]
pub struct Alone {
    lock: File,
    path: PathBuf,
}

impl Alone {
    /// Notes which files are served, now that they are open: processes beside it see by this note whether the database or its
    /// log was removed or replaced.
    pub fn note(&self) -> io::Result<()> {
        let served = Served::at(&self.path)?.ok_or(io::ErrorKind::NotFound)?;
        self.lock.write_all_at(served.to_string().as_bytes(), 0)
    }
}

/// The files of a database that is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Served {
    database: Identity,
    /// Its write-ahead log. While connections are open it stays the same.
    log: Option<Identity>,
}

impl Served {
    /// The files that are there now; `None`: no database.
    fn at(path: &Path) -> io::Result<Option<Self>> {
        let Some(database) = Identity::of(path)? else { return Ok(None) };
        Ok(Some(Self { database, log: Identity::of(&stray::beside(&real_path(path)?, "-wal"))? }))
    }
}

impl Display for Served {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.database)?;
        self.log.map_or(Ok(()), |log| writeln!(f, "{log}"))
    }
}

impl FromStr for Served {
    type Err = ();

    /// Nothing while a server starts; a server of an earlier version notes no log.
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut lines = text.lines();
        let database = lines.next().ok_or(())?.parse()?;
        Ok(Self { database, log: lines.next().map(str::parse).transpose()? })
    }
}

/// Takes the right to serve from this database; fails while another process has it. All paths that lead to the file
/// share one right. `None` on PostgreSQL, from which many processes may serve.
///
/// Meant for the process that serves: small commands beside it need no right.
pub fn serve_alone(config: &StoreConfig) -> Result<Option<Alone>, OpenError> {
    match config.location()? {
        Location::Sqlite(path) => Ok(Some(take(Path::new(&path)).map_err(|why| explained(&path, why))?)),
        Location::Postgres(_) => Ok(None),
    }
}

/// Rejects a file while a running server has another file open that had this name: what the server acknowledged may be
/// gone when it ends, and a new file would be mistaken for the server's. A server that has not opened its file yet is
/// no reason to reject.
///
/// Meant for commands that work beside a server.
pub fn not_taken_away(config: &StoreConfig) -> Result<(), OpenError> {
    match config.location()? {
        Location::Sqlite(path) => Ok(look(Path::new(&path))?),
        Location::Postgres(_) => Ok(()),
    }
}

/// The same for a path; also rejects a file whose changes lie elsewhere.
pub(super) fn look(path: &Path) -> Result<(), FileError> {
    // The check with the clearest message comes first.
    let is_same_database =
        |served: Served, found: Option<Served>| found.map(|found| found.database) == Some(served.database);
    served_under_this_name(path, Duration::ZERO, is_same_database)?;
    stray::refuse(path)?;
    // A server that is just ending closes its last connection, which removes the log, before it releases the lock.
    let is_same_log =
        |served: Served, found: Option<Served>| served.log.is_none() || found.and_then(|found| found.log) == served.log;
    served_under_this_name(path, PATIENCE, is_same_log)
}

/// Fails when a server has noted other files than those that are there, and has not ended within `patience`.
fn served_under_this_name(
    path: &Path,
    patience: Duration,
    is_same: impl Fn(Served, Option<Served>) -> bool,
) -> Result<(), FileError> {
    // Without a directory there is no lock.
    let Ok(name) = lock_name(path) else { return Ok(()) };
    let since = Instant::now();
    loop {
        let noted = match fs::read_to_string(&name) {
            // If the lock file may not even be read, the next step reports that nothing can be written here.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => {
                return Ok(());
            }
            noted => noted.map_err(FileError::io(&name))?,
        };
        let Ok(served) = noted.parse::<Served>() else { return Ok(()) };
        if is_same(served, Served::at(path).map_err(FileError::io(path))?) {
            return Ok(());
        }
        // The server that wrote it may have ended long ago.
        match File::open(&name).map_err(FileError::io(&name))?.try_lock_shared() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if since.elapsed() < patience => {
                let _passed = crossbeam_channel::after(PAUSE).recv();
            }
            Err(TryLockError::WouldBlock) => return Err(FileError::TakenAway { path: path.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(FileError::io(&name)(error)),
        }
    }
}

fn take(path: &Path) -> Result<Alone, FileError> {
    let mut is_served = false;
    if fs::exists(path).map_err(FileError::io(path))? {
        has_one_name(path)?;
    }
    for _ in 0..TRIES {
        let name = lock_file(path)?;
        let lock = match OpenOptions::new().write(true).mode(0o600).open(&name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            opened => opened.map_err(FileError::io(&name))?,
        };
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                is_served = true;
                let _passed = crossbeam_channel::after(PAUSE).recv();
                continue;
            }
            Err(TryLockError::Error(error)) => return Err(FileError::io(&name)(error)),
        }
        // A lock on a file that has lost its name keeps nobody out.
        if is_at(&lock, &name).map_err(FileError::io(&name))? {
            // Checked now that nobody else serves under this name.
            stray::refuse(path)?;
            // Removes the note of an earlier process.
            lock.set_len(0).map_err(FileError::io(&name))?;
            return Ok(Alone { lock, path: path.to_owned() });
        }
    }
    if is_served {
        let path = real_path(path).unwrap_or_else(|_| path.to_owned());
        return Err(FileError::ServedAlready { path });
    }
    Err(FileError::io(path)(io::Error::other("its lock file keeps being removed")))
}

/// A user who may not lock may not write either: the lock is just a file beside the database.
fn explained(path: &str, why: FileError) -> FileError {
    match why {
        FileError::Io { source, .. }
            if matches!(source.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) =>
        {
            FileError::ReadOnly { path: path.into(), source }
        }
        why => why,
    }
}

fn is_at(file: &File, name: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match fs::metadata(name) {
        Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_served_can_be_written_down() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.db");
        assert_eq!(Served::at(&path).unwrap(), None);
        fs::write(&path, "pages").unwrap();
        let without_log = Served::at(&path).unwrap().unwrap();
        fs::write(stray::beside(&path, "-wal"), "changes").unwrap();
        let with_log = Served::at(&path).unwrap().unwrap();
        assert_eq!(without_log.database, with_log.database);
        for served in [without_log, with_log] {
            assert_eq!(served.to_string().parse(), Ok(served));
        }
        assert_eq!(with_log.database.to_string().parse(), Ok(without_log), "noted by an earlier version");
        for bad in ["", "\n", "1", "1 2\nx"] {
            assert_eq!(bad.parse::<Served>(), Err(()), "{bad:?}");
        }
    }
}
