//! One process serves from a SQLite file.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::Path,
};

use super::{FileError, has_one_name, lock_file, real_path};
use crate::{OpenError, StoreConfig, config::Location};

/// How often somebody may remove the lock's file just when we lock it.
const TRIES: usize = 10;

/// The right to serve from a SQLite file. It goes with this value, and with the process, however that ends.
#[derive(Debug)]
pub struct Alone {
    _lock: File,
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

fn take(path: &Path) -> Result<Alone, FileError> {
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
                let path = real_path(path).unwrap_or_else(|_| path.to_owned());
                return Err(FileError::ServedAlready { path });
            }
            Err(TryLockError::Error(error)) => return Err(FileError::io(&name)(error)),
        }
        // A lock on a file that has lost its name keeps nobody out.
        if is_at(&lock, &name).map_err(FileError::io(&name))? {
            return Ok(Alone { _lock: lock });
        }
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
