//! What a disk holds after a loss of power: everything that was synced, and any part of the rest.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    path::{Path, PathBuf},
};

use super::trace::Event;

/// How much of a write reaches the disk at once.
const SECTOR: usize = 512;

/// A disk, and what is on the way to it.
#[derive(Clone, Default)]
pub struct Disk {
    files: Vec<File>,
    /// Names that are on disk.
    names: BTreeMap<PathBuf, Thing>,
    /// Names as the process sees them.
    current: BTreeMap<PathBuf, Thing>,
    /// By call: how many changes of the file it waits for, or the directory.
    waiting: HashMap<usize, Waiting>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Thing {
    Directory,
    File(usize),
}

#[derive(Clone)]
enum Waiting {
    File(usize, usize),
    Directory(PathBuf, BTreeMap<PathBuf, Thing>),
}

#[derive(Clone, Default)]
struct File {
    changes: Vec<Change>,
    /// How many of the changes are on disk.
    on_disk: usize,
}

#[derive(Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Resize(usize),
}

/// What becomes of that which nobody has waited for.
#[derive(Clone, Copy, Debug)]
pub enum Rest {
    /// All of it is lost.
    Lost,
    /// All of it is there, as after the end of the process alone.
    Kept,
    /// Some sectors and some names are there, others are not, as this number has it.
    Torn(u64),
}

impl Disk {
    /// One that holds what is in `directory` now. Nobody writes there.
    pub fn of(directory: &Path) -> Self {
        let mut disk = Self::default();
        disk.names.insert(directory.to_owned(), Thing::Directory);
        for path in fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
            disk.names.insert(path.clone(), Thing::File(disk.files.len()));
            disk.files.push(File { changes: vec![Change::Write(0, fs::read(path).unwrap())], on_disk: 1 });
        }
        disk.current.clone_from(&disk.names);
        disk
    }

    /// Takes the next event.
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::Opened(path) => {
                if !self.current.contains_key(path) {
                    self.files.push(File::default());
                    self.current.insert(path.clone(), Thing::File(self.files.len() - 1));
                }
            }
            Event::DirectoryMade(path) => {
                self.current.insert(path.clone(), Thing::Directory);
            }
            Event::Written { path, at, bytes } => self.change(path, Change::Write(*at, bytes.clone())),
            Event::Resized { path, length } => self.change(path, Change::Resize(*length)),
            Event::Linked { path, other } => {
                self.current.insert(other.clone(), self.current[path]);
            }
            Event::Renamed { path, to } => {
                let thing = self.current.remove(path).unwrap();
                self.current.insert(to.clone(), thing);
            }
            Event::Removed(path) => {
                self.current.remove(path);
            }
            Event::SyncBegins { call, path } => {
                let waiting = match self.current.get(path) {
                    Some(Thing::File(number)) => Waiting::File(*number, self.files[*number].changes.len()),
                    _ => Waiting::Directory(path.clone(), in_directory(&self.current, path)),
                };
                self.waiting.insert(*call, waiting);
            }
            Event::SyncEnds { call } => match self.waiting.remove(call).unwrap() {
                Waiting::File(number, changes) => {
                    let file = &mut self.files[number];
                    file.on_disk = file.on_disk.max(changes);
                }
                Waiting::Directory(directory, names) => {
                    self.names.retain(|path, _| path.parent() != Some(&*directory));
                    self.names.extend(names);
                }
            },
            Event::Sent(_) => {}
        }
    }

    fn change(&mut self, path: &Path, change: Change) {
        // Nothing is written to a file that is not known: half a record proves nothing.
        let Some(Thing::File(number)) = self.current.get(path) else { panic!("never opened: {}", path.display()) };
        self.files[*number].changes.push(change);
    }

    /// Lays the files out in `directory` as they are found below `root` when the power is back.
    pub fn lay_out(&self, rest: Rest, root: &Path, directory: &Path) {
        let mut coin = Coin(if let Rest::Torn(seed) = rest { seed } else { 1 });
        let paths: BTreeSet<_> = self.names.keys().chain(self.current.keys()).collect();
        for path in paths {
            let (on_disk, current) = (self.names.get(path), self.current.get(path));
            let thing = match rest {
                Rest::Lost => on_disk,
                Rest::Torn(_) if coin.heads() => on_disk,
                Rest::Kept | Rest::Torn(_) => current,
            };
            let to = directory.join(path.strip_prefix(root).unwrap());
            // What lies in a directory that is lost is lost.
            if !to.parent().unwrap().exists() {
                continue;
            }
            match thing {
                Some(Thing::File(number)) => fs::write(to, self.files[*number].content(rest, &mut coin)).unwrap(),
                Some(Thing::Directory) => fs::create_dir(to).unwrap(),
                None => {}
            }
        }
    }
}

fn in_directory(names: &BTreeMap<PathBuf, Thing>, directory: &Path) -> BTreeMap<PathBuf, Thing> {
    names
        .iter()
        .filter(|(path, _)| path.parent() == Some(directory))
        .map(|(path, thing)| (path.clone(), *thing))
        .collect()
}

impl File {
    fn content(&self, rest: Rest, coin: &mut Coin) -> Vec<u8> {
        let (waited_for, others) = self.changes.split_at(self.on_disk);
        let mut content = Vec::new();
        for change in waited_for {
            change.make(&mut content, |_| true);
        }
        for change in others {
            match rest {
                Rest::Lost => {}
                Rest::Kept => change.make(&mut content, |_| true),
                Rest::Torn(_) => change.make(&mut content, |_| coin.heads()),
            }
        }
        content
    }
}

impl Change {
    /// Makes the change, sector by sector where `is_kept` says so.
    fn make(&self, content: &mut Vec<u8>, mut is_kept: impl FnMut(usize) -> bool) {
        match self {
            Self::Resize(length) => {
                if is_kept(0) {
                    content.resize(*length, 0);
                }
            }
            Self::Write(at, bytes) => {
                let mut at = *at;
                let mut bytes = &bytes[..];
                while !bytes.is_empty() {
                    let (sector, others) = bytes.split_at((SECTOR - at % SECTOR).min(bytes.len()));
                    if is_kept(at) {
                        content.resize(content.len().max(at + sector.len()), 0);
                        content[at..at + sector.len()].copy_from_slice(sector);
                    }
                    at += sector.len();
                    bytes = others;
                }
            }
        }
    }
}

/// Chance that is the same every time (xorshift).
struct Coin(u64);

impl Coin {
    fn heads(&mut self) -> bool {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 & 0x100 == 0
    }
}

#[test]
fn what_was_waited_for_is_there_and_all_else_may_be_lost() {
    let written = |at, bytes: &[u8]| Event::Written { path: "/r/d/a".into(), at, bytes: bytes.to_vec() };
    let synced = |path: &str, call| [Event::SyncBegins { call, path: path.into() }, Event::SyncEnds { call }];
    let found = |disk: &Disk, rest| {
        let directory = tempfile::tempdir().unwrap();
        disk.lay_out(rest, Path::new("/r"), directory.path());
        fs::read(directory.path().join("d/a")).ok()
    };
    let mut disk = Disk::default();
    let take = |disk: &mut Disk, events: &[Event]| events.iter().for_each(|event| disk.take(event));
    take(&mut disk, &[Event::DirectoryMade("/r/d".into()), Event::Opened("/r/d/a".into()), written(0, b"abc")]);
    take(&mut disk, &synced("/r/d/a", 1));
    assert_eq!(found(&disk, Rest::Lost), None, "its name is lost");
    assert_eq!(found(&disk, Rest::Kept), Some(b"abc".to_vec()));
    take(&mut disk, &synced("/r/d", 2));
    assert_eq!(found(&disk, Rest::Lost), None, "the name of its directory is lost");
    take(&mut disk, &synced("/r", 3));
    assert_eq!(found(&disk, Rest::Lost), Some(b"abc".to_vec()));

    // A write that comes while another call waits is not waited for.
    take(
        &mut disk,
        &[Event::SyncBegins { call: 4, path: "/r/d/a".into() }, written(1, b"XYZ"), Event::SyncEnds { call: 4 }],
    );
    assert_eq!(found(&disk, Rest::Lost), Some(b"abc".to_vec()));
    assert_eq!(found(&disk, Rest::Kept), Some(b"aXYZ".to_vec()));
    take(&mut disk, &synced("/r/d/a", 5));
    assert_eq!(found(&disk, Rest::Lost), Some(b"aXYZ".to_vec()));
    take(&mut disk, &[Event::Removed("/r/d/a".into())]);
    assert_eq!(found(&disk, Rest::Lost), Some(b"aXYZ".to_vec()), "nor is the removal waited for");
    assert_eq!(found(&disk, Rest::Kept), None);

    // A torn write is there in part.
    take(&mut disk, &[Event::Opened("/r/d/a".into()), written(0, &vec![7; 64 * SECTOR])]);
    take(&mut disk, &synced("/r/d", 6));
    let torn: Vec<_> = (1..20).filter_map(|seed| found(&disk, Rest::Torn(seed))).collect();
    assert!(torn.iter().any(|content| content.contains(&0) && content.contains(&7)), "{}", torn.len());
}
