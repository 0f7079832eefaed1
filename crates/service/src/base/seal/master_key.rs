//! Loads the master key, which opens everything that is sealed.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use data_encoding::BASE64URL_NOPAD;
use kernel::Random;
use zeroize::Zeroizing;

use super::{PrivateFileError, read_private_file};

const BYTES: usize = 32;

/// 256 random bits. Wiped from memory when dropped; `Debug` does not show them.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; BYTES]>);

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The text is not 32 bytes in base64url.
    #[error("the master key is not 32 bytes in base64url without padding (43 characters)")]
    Malformed,
    /// The file cannot be read or written, or others can read it.
    #[error(transparent)]
    File(#[from] PrivateFileError),
}

impl MasterKey {
    /// A new key.
    pub fn generate(random: &mut impl Random) -> Self {
        let mut bytes = Zeroizing::new([0; BYTES]);
        random.fill(&mut *bytes);
        Self(bytes)
    }

    /// Parses a key as [`MasterKey::load_or_create`] writes it: 43 characters of base64url.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let bytes = BASE64URL_NOPAD.decode(text.trim().as_bytes()).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| MasterKeyError::Malformed)?;
        let bytes = bytes.as_slice().try_into().map_err(|_| MasterKeyError::Malformed)?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// Reads the key from a file that only its owner may be able to read.
    pub fn load(path: &Path) -> Result<Self, MasterKeyError> {
        Self::parse(&read_private_file(path)?)
    }

    /// Reads the key from a file, or creates one and writes it there with mode 0600; returns whether it was created.
    /// Two processes that find none at the same time both end up with the one that was there first; a crash leaves no
    /// half-written key.
    pub fn load_or_create(path: &Path, random: &mut impl Random) -> Result<(Self, bool), MasterKeyError> {
        match Self::load(path) {
            Err(MasterKeyError::File(PrivateFileError::Io(_, why))) if why.kind() == io::ErrorKind::NotFound => {}
            other => return other.map(|key| (key, false)),
        }
        let made = Self::create(path, random).map_err(|why| PrivateFileError::Io(path.display().to_string(), why))?;
        Self::load(path).map(|key| (key, made))
    }

    /// Writes a new key to a temporary file and links it to its place unless something is there; returns whether it
    /// did.
    fn create(path: &Path, random: &mut impl Random) -> io::Result<bool> {
        let text = Zeroizing::new(BASE64URL_NOPAD.encode(&*Self::generate(random).0));
        let aside = path.with_extension(format!("new-{}", BASE64URL_NOPAD.encode(&random.bytes::<6>())));
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        let linked = written.and_then(|()| match fs::hard_link(&aside, path) {
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            other => other.map(|()| true),
        });
        fs::remove_file(&aside)?;
        let made = linked?;
        // The directory entry must survive a power cut too: without the key the database is lost.
        path.parent().map_or(Ok(()), |directory| fs::File::open(directory)?.sync_all())?;
        Ok(made)
    }

    pub(super) fn bytes(&self) -> &[u8; BYTES] {
        &self.0
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use kernel::OsRandom;

    use super::*;

    #[test]
    fn a_new_key_is_written_once_for_its_owner_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("master.key");
        let (key, made) = MasterKey::load_or_create(&path, &mut OsRandom).unwrap();
        assert_eq!((fs::metadata(&path).unwrap().mode() & 0o777, made), (0o600, true));
        let (again, made) = MasterKey::load_or_create(&path, &mut OsRandom).unwrap();
        assert!(again.bytes() == key.bytes() && !made);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "nothing is left aside");
    }

    #[test]
    fn many_processes_that_start_at_once_have_one_key() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("master.key");
        let keys: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|_| scope.spawn(|| MasterKey::load_or_create(&path, &mut OsRandom).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.windows(2).all(|pair| pair[0].0.bytes() == pair[1].0.bytes()));
        assert_eq!(keys.iter().filter(|(_, made)| *made).count(), 1);
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("master.key");
        MasterKey::load_or_create(&path, &mut OsRandom).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(MasterKey::load(&path), Err(MasterKeyError::File(PrivateFileError::TooOpen(_)))));
    }

    #[test]
    fn what_is_in_its_place_is_left_there() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("master.key");
        fs::create_dir(&path).unwrap();
        let why = MasterKey::load_or_create(&path, &mut OsRandom).unwrap_err();
        assert!(matches!(why, MasterKeyError::File(PrivateFileError::NoFile(_))), "{why}");
        fs::remove_dir(&path).unwrap();
        std::os::unix::fs::symlink(directory.path().join("nowhere"), &path).unwrap();
        let why = MasterKey::load_or_create(&path, &mut OsRandom).unwrap_err();
        assert!(matches!(why, MasterKeyError::File(PrivateFileError::Io(..))), "{why}");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "nothing is made");
    }

    #[test]
    fn what_is_no_key_is_refused_and_none_is_shown() {
        for text in ["", "x", &"A".repeat(42), &"A".repeat(44), &"!".repeat(43)] {
            assert!(matches!(MasterKey::parse(text), Err(MasterKeyError::Malformed)), "{text}");
        }
        assert_eq!(format!("{:?}", MasterKey::parse(&"A".repeat(43)).unwrap()), "MasterKey(..)");
    }
}
