//! Files with secrets.

use std::{fs, io, os::unix::fs::MetadataExt, path::Path};

use zeroize::Zeroizing;

/// Why a file with secrets cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PrivateFileError {
    /// Others than its owner may read the file.
    #[error("{0} can be read by others than its owner: chmod 600 {0}")]
    TooOpen(String),
    /// Something else is there, such as a directory.
    #[error("{0} is no file")]
    NoFile(String),
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    Io(String, #[source] io::Error),
}

/// Reads a file, which only its owner may be able to read.
pub fn read_private_file(path: &Path) -> Result<Zeroizing<String>, PrivateFileError> {
    let name = || path.display().to_string();
    let found = fs::metadata(path).map_err(|why| PrivateFileError::Io(name(), why))?;
    if found.is_dir() {
        return Err(PrivateFileError::NoFile(name()));
    }
    if found.mode() & 0o077 != 0 {
        return Err(PrivateFileError::TooOpen(name()));
    }
    fs::read_to_string(path).map(Zeroizing::new).map_err(|why| PrivateFileError::Io(name(), why))
}
