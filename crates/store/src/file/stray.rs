//! Finds changes that lie where SQLite does not look for them.
//!
//! SQLite finds the write-ahead log by the name of the database, without links. If the file is moved, or a link
//! replaces it, the log stays behind with changes that were acknowledged: SQLite would delete it unread, or never see
//! it. And a program that has the file open under its earlier name writes to another log than a program that opens it
//! now.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{FileError, MOST_LINKS, directory_of, opened::Identity, real_path};

/// Where SQLite's readers lock a database file, whatever its content.
const SHARED_LOCKS: std::ops::RangeInclusive<u64> = 0x4000_0002..=0x4000_01FF;

/// A program that is just opening the file, or reads one without a write-ahead log, is done after this time.
const PATIENCE: Duration = Duration::from_secs(2);

/// The kernel returns its list of locks in pieces, and misses one when others are released between two pieces: this
/// many looks are needed.
const LOOKS: usize = 8;

/// Pause between two looks that found a lock.
const PAUSE: Duration = Duration::from_millis(50);

/// Rejects a database whose newest changes lie elsewhere, or will. Call it while this process does not have it open.
pub(super) fn refuse(path: &Path) -> Result<(), FileError> {
    let fails = FileError::io(path);
    // Without a directory there is nothing.
    let Ok(real) = real_path(path) else { return Ok(()) };
    let names = names_on_the_way(path).map_err(fails)?;
    for name in names.iter().filter(|name| is_link(name)).chain([&real]) {
        let log = beside(name, "-wal");
        let is_led_on = is_link(name);
        if size(&log) > 0 && (is_led_on || size(name) == 0) {
            return Err(FileError::Stray { log, path: name.clone(), is_link: is_led_on });
        }
    }
    let since = Instant::now();
    while is_open_without_log(&real).map_err(FileError::io(&real))? {
        if since.elapsed() > PATIENCE {
            return Err(FileError::OpenElsewhere { path: real });
        }
        let _passed = crossbeam_channel::after(PAUSE).recv();
    }
    Ok(())
}

/// The path, and the target of each link on the way.
fn names_on_the_way(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = vec![path.to_owned()];
    let mut last = path.to_owned();
    while let Ok(target) = fs::read_link(&last) {
        if names.len() > MOST_LINKS {
            return Err(io::Error::other("its links form a loop"));
        }
        last = directory_of(&last).join(target);
        names.push(last.clone());
    }
    Ok(names)
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(end);
    name.into()
}

/// Whether a process reads the file as with a write-ahead log, and there is no log beside this name.
fn is_open_without_log(path: &Path) -> io::Result<bool> {
    let Some(file) = Identity::of(path)? else { return Ok(false) };
    if fs::exists(beside(path, "-wal"))? {
        return Ok(false);
    }
    // Not through a descriptor of the file, since closing it drops locks. Without `/proc` nothing is known.
    let look = || fs::read_to_string("/proc/locks").unwrap_or_default();
    Ok((0..LOOKS).any(|_| look().lines().any(|line| is_shared_lock(line, file.inode))))
}

/// Whether a line such as `3: POSIX  ADVISORY  READ 4711 fe:00:1234 1073741826 1073742335` is the lock of a reader of
/// this file.
fn is_shared_lock(line: &str, inode: u64) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [_, "POSIX", _, "READ", _, file, start, _] = words[..] else { return false };
    let of = file.rsplit(':').next().and_then(|inode| inode.parse::<u64>().ok());
    of == Some(inode) && start.parse().is_ok_and(|start| SHARED_LOCKS.contains(&start))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_lock_of_a_reader_is_recognised() {
        let line = |kind: &str, inode: u64, start: u64| {
            format!("3: POSIX  ADVISORY  {kind} 4711 fe:00:{inode} {start} 1073742335")
        };
        assert!(is_shared_lock(&line("READ", 1234, 0x4000_0002), 1234));
        for other in
            [line("WRITE", 1234, 0x4000_0002), line("READ", 1235, 0x4000_0002), line("READ", 1234, 0), String::new()]
        {
            assert!(!is_shared_lock(&other, 1234), "{other}");
        }
        assert!(!is_shared_lock("1: FLOCK  ADVISORY  WRITE 30 fe:00:1234 0 EOF", 1234));
    }

    #[test]
    fn a_log_whose_database_is_not_there_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        let is_refused = |path: &Path| matches!(refuse(path), Err(FileError::Stray { .. }));
        fs::write(at("x.db-wal"), "changes").unwrap();
        assert!(is_refused(&at("x.db")), "no database");
        fs::write(at("x.db"), "").unwrap();
        assert!(is_refused(&at("x.db")), "an empty one");
        fs::write(at("x.db"), "pages").unwrap();
        refuse(&at("x.db")).unwrap();

        // The file is moved, and a link replaces it.
        fs::rename(at("x.db"), at("real.db")).unwrap();
        symlink("real.db", at("x.db")).unwrap();
        symlink("x.db", at("first.db")).unwrap();
        assert!(is_refused(&at("x.db")) && is_refused(&at("first.db")));
        fs::rename(at("x.db-wal"), at("real.db-wal")).unwrap();
        refuse(&at("first.db")).unwrap();
        // An empty log holds nothing.
        fs::write(at("x.db-wal"), "").unwrap();
        refuse(&at("first.db")).unwrap();
        fs::remove_file(at("real.db")).unwrap();
        assert!(is_refused(&at("first.db")), "the link leads nowhere");
        refuse(&at("no/such/directory.db")).unwrap();
    }
}
