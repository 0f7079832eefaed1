//! Reads files that hold secrets.

use std::{fs, io, os::unix::fs::MetadataExt, path::Path};

use rustix::process::{Uid, geteuid};
use zeroize::Zeroizing;

/// Why a file with secrets cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PrivateFileError {
    /// Others than its owner can read the file.
    #[error("{0} can be read by others than its owner: chmod 600 {0}")]
    TooOpen(String),
    /// It is something else, such as a directory.
    #[error("{0} is not a file")]
    NoFile(String),
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    Io(String, #[source] io::Error),
}

/// Reads a file that only its owner may be able to read; or also a group of this process, if the file belongs to root.
pub fn read_private_file(path: &Path) -> Result<Zeroizing<String>, PrivateFileError> {
    let name = || path.display().to_string();
    let found = fs::metadata(path).map_err(|why| PrivateFileError::Io(name(), why))?;
    if found.is_dir() {
        return Err(PrivateFileError::NoFile(name()));
    }
    if found.mode() & not_for_others(found.uid(), geteuid()) != 0 {
        return Err(PrivateFileError::TooOpen(name()));
    }
    fs::read_to_string(path).map(Zeroizing::new).map_err(|why| PrivateFileError::Io(name(), why))
}

/// The mode bits that a file with secrets must not have. A file that root hands to a process that is not root, as
/// orchestrators do with mounted secrets, belongs to root, and the process reads it as a member of the file's group.
fn not_for_others(owner: u32, process: Uid) -> u32 {
    if owner == Uid::ROOT.as_raw() && !process.is_root() { 0o037 } else { 0o077 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_reads_only_what_root_hands_to_somebody_else() {
        let (root, ann, bob) = (0, 1000, 1001);
        let is_private = |mode: u32, owner, process| mode & not_for_others(owner, Uid::from_raw(process)) == 0;
        for mode in [0o440, 0o640, 0o040] {
            assert!(is_private(mode, root, ann), "{mode:o}");
            assert!(!is_private(mode, ann, ann) && !is_private(mode, root, root), "{mode:o}");
            assert!(!is_private(mode, bob, ann) && !is_private(mode, ann, root), "{mode:o}");
        }
        for mode in [0o444, 0o404, 0o660, 0o460, 0o620, 0o450, 0o410, 0o441, 0o442] {
            assert!(!is_private(mode, root, ann), "{mode:o}");
        }
        for mode in [0o600, 0o400, 0o700] {
            assert!(
                is_private(mode, root, ann) && is_private(mode, ann, ann) && is_private(mode, root, root),
                "{mode:o}"
            );
        }
    }
}
