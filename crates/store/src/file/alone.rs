//! One process serves from a SQLite file.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{FileError, has_one_name, lock_file, lock_name, opened::Identity, real_path, stray};
use crate::{OpenError, StoreConfig, config::Location};

/// How often somebody may remove the lock's file just when we lock it, or look whether it is locked.
const TRIES: usize = 10;

/// Between two tries. Whoever looks holds the lock for a moment.
const PAUSE: Duration = Duration::from_millis(10);

/// The right to serve from a SQLite file. It goes with this value, and with the process, however that ends.
#[derive(Debug)]
pub struct Alone {
    lock: File,
    path: PathBuf,
}

impl Alone {
    /// Notes which file is served, now that it is open: whoever works beside it finds out by that whether the file was removed
    /// or replaced.
    pub fn note(&self) -> io::Result<()> {
        match Identity::of(&self.path)? {
            Some(identity) => self.lock.write_all_at(identity.to_string().as_bytes(), 0),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// Takes the right to serve from this database, and refuses while another process has it. Whatever paths lead to the file,
/// it is the same right. `None` on PostgreSQL, from which many processes may serve.
///
/// Meant for the process that serves: those that do something small beside it need no right.
pub fn serve_alone(config: &StoreConfig) -> Result<Option<Alone>, OpenError> {
    match config.location()? {
        Location::Sqlite(path) => Ok(Some(take(Path::new(&path)).map_err(|why| explained(&path, why))?)),
        Location::Postgres(_) => Ok(None),
    }
}

/// Refuses a file while another process serves that had opened another one under this name: what it would be told is there may
/// be gone with the end of that process, and a new file would be taken for its own. A server that has not opened its file yet
/// is no reason.
///
/// Meant for those that work beside a server.
pub fn not_taken_away(config: &StoreConfig) -> Result<(), OpenError> {
    match config.location()? {
        Location::Sqlite(path) => Ok(look(Path::new(&path))?),
        Location::Postgres(_) => Ok(()),
    }
}

/// The same for a file, and refuses one whose changes lie elsewhere.
pub(super) fn look(path: &Path) -> Result<(), FileError> {
    served_under_this_name(path)?;
    stray::refuse(path)
}

fn served_under_this_name(path: &Path) -> Result<(), FileError> {
    // Where there is no directory there is no lock.
    let Ok(name) = lock_name(path) else { return Ok(()) };
    let noted = match fs::read_to_string(&name) {
        // Whoever may not even read it is told by what comes next that nothing can be written here.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => {
            return Ok(());
        }
        noted => noted.map_err(FileError::io(&name))?,
    };
    let Ok(served) = noted.parse::<Identity>() else { return Ok(()) };
    if Identity::of(path).map_err(FileError::io(path))? == Some(served) {
        return Ok(());
    }
    // Who served may have ended long ago.
    match File::open(&name).map_err(FileError::io(&name))?.try_lock_shared() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(FileError::TakenAway { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(FileError::io(&name)(error)),
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
            // Now that nobody else serves under this name.
            stray::refuse(path)?;
            // What another process has noted.
            lock.set_len(0).map_err(FileError::io(&name))?;
            return Ok(Alone { lock, path: path.to_owned() });
        }
    }
    if is_served {
        let path = real_path(path).unwrap_or_else(|_| path.to_owned());
        return Err(FileError::ServedAlready { path });
    }
    Err(FileError::io(path)(io::Error::other("its lock file is being removed again and again")))
}

/// Who may not lock may not write either: the lock is no more than a file beside the database.
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
