//! The system calls of a process, as strace recorded them.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// What happens on the disk or leaves the process, in the order in which strace saw it. Files that lie elsewhere are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The file has been opened, and was to be made if it was not there.
    Opened(PathBuf),
    /// The directory has been made.
    DirectoryMade(PathBuf),
    /// The bytes have been handed over.
    Written { path: PathBuf, at: usize, bytes: Vec<u8> },
    /// The file has been cut, or grown, to this length.
    Resized { path: PathBuf, length: usize },
    /// The file has another name, too.
    Linked { path: PathBuf, other: PathBuf },
    /// The file has another name now.
    Renamed { path: PathBuf, to: PathBuf },
    /// The name is gone.
    Removed(PathBuf),
    /// The process begins to wait until the file, or the directory, is on disk. `call` tells those apart that go on at once.
    SyncBegins { call: usize, path: PathBuf },
    /// It has waited.
    SyncEnds { call: usize },
    /// The bytes begin to leave the process, by a socket or a pipe.
    Sent(Vec<u8>),
}

/// The system calls without which the events cannot be told.
pub const CALLS: &str = "openat,creat,open,mkdir,mkdirat,pwrite64,write,writev,pwritev,lseek,sendto,sendmsg,fdatasync,fsync,\
     ftruncate,fallocate,unlink,unlinkat,rename,renameat,renameat2,link,linkat";

/// Reads what `strace -f -y -xx` wrote. `root`: the directory whose files count.
///
/// # Panics
/// When it wrote what is not understood here: a trace that is half read proves nothing.
pub fn read(trace: &str, root: &Path) -> Vec<Event> {
    let mut reader = Reader { root, events: Vec::new(), begun: HashMap::new(), offsets: HashMap::new(), calls: 0 };
    trace.lines().for_each(|line| reader.line(line));
    reader.events
}

struct Reader<'a> {
    root: &'a Path,
    events: Vec<Event>,
    /// By thread: the part of a line that was written when the call began, and the number of the call.
    begun: HashMap<&'a str, (String, usize)>,
    /// Where the next `write` to a descriptor goes.
    offsets: HashMap<usize, usize>,
    calls: usize,
}

/// One system call.
struct Call<'a> {
    name: &'a str,
    arguments: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &'a str) {
        let (thread, rest) = line.split_once(' ').unwrap_or_else(|| panic!("no thread: {line:.200}"));
        let rest = rest.trim_start();
        // The end of a thread, or a signal.
        if rest.starts_with("+++") || rest.starts_with("---") {
            return;
        }
        if let Some(begin) = rest.strip_suffix(" <unfinished ...>") {
            self.calls += 1;
            self.begins(&Call::of(begin), self.calls);
            self.begun.insert(thread, (begin.to_owned(), self.calls));
        } else if let Some((_, end)) = rest.strip_prefix("<... ").and_then(|rest| rest.split_once(" resumed>")) {
            let (begin, call) = self.begun.remove(thread).unwrap_or_else(|| panic!("never begun: {line:.200}"));
            self.ends(&format!("{begin}{end}"), call);
        } else {
            self.calls += 1;
            // Of a call that its thread did not live to see the end of strace says ` <unfinished ...>) = ?`.
            let asked = rest.rsplit_once(" = ").map_or(rest, |(asked, _)| asked).replace(" <unfinished ...>", "");
            self.begins(&Call::of(&asked), self.calls);
            self.ends(rest, self.calls);
        }
    }

    /// What is told of the beginning of a call, when its result is not known yet.
    fn begins(&mut self, call: &Call<'_>, number: usize) {
        match call.name {
            "fdatasync" | "fsync" => {
                if let Some(path) = self.ours(descriptor(call.arguments[0]).1) {
                    self.events.push(Event::SyncBegins { call: number, path });
                }
            }
            "write" | "sendto" | "writev" | "sendmsg" if self.ours(descriptor(call.arguments[0]).1).is_none() => {
                let bytes = call.arguments[1..].iter().flat_map(|argument| strings_in(argument)).collect();
                self.events.push(Event::Sent(bytes));
            }
            _ => {}
        }
    }

    /// What is told when a call has ended well.
    fn ends(&mut self, line: &str, number: usize) {
        let (asked, result) = line.rsplit_once(" = ").unwrap_or_else(|| panic!("no result: {line:.200}"));
        // A call that failed did nothing; `?`: the process was gone before it ended.
        if result.starts_with('-') || result.starts_with('?') {
            return;
        }
        let Call { name, arguments } = Call::of(asked);
        let number_of = |argument: &str| argument.parse::<usize>().unwrap_or_else(|_| panic!("no number: {line:.200}"));
        // The process lives in the root: what has no directory before it begins there.
        let named = |at: usize| self.ours(Some(self.root.join(full_path(&arguments, at))));
        let event = match name {
            "openat" | "open" | "creat" => {
                let (descriptor, path) = descriptor(result);
                self.offsets.insert(descriptor, 0);
                self.ours(path).filter(|_| name == "creat" || asked.contains("O_CREAT")).map(Event::Opened)
            }
            "lseek" => {
                self.offsets.insert(descriptor(arguments[0]).0, number_of(result));
                None
            }
            "write" => {
                let (descriptor, path) = descriptor(arguments[0]);
                let at = *self.offsets.entry(descriptor).or_default();
                *self.offsets.entry(descriptor).or_default() += number_of(result);
                self.ours(path).map(|path| written(path, at, arguments[1], number_of(result)))
            }
            "pwrite64" => {
                let at = number_of(arguments[3]);
                self.ours(descriptor(arguments[0]).1).map(|path| written(path, at, arguments[1], number_of(result)))
            }
            "ftruncate" => {
                let length = number_of(arguments[1]);
                self.ours(descriptor(arguments[0]).1).map(|path| Event::Resized { path, length })
            }
            "fdatasync" | "fsync" => self.ours(descriptor(arguments[0]).1).map(|_| Event::SyncEnds { call: number }),
            "mkdir" | "mkdirat" => named(usize::from(name == "mkdirat")).map(Event::DirectoryMade),
            "unlink" | "unlinkat" => named(usize::from(name == "unlinkat")).map(Event::Removed),
            "link" | "linkat" | "rename" | "renameat" | "renameat2" => {
                let (from, to) = if matches!(name, "link" | "rename") { (0, 1) } else { (1, 3) };
                match (named(from), named(to)) {
                    (Some(path), Some(other)) if name.starts_with("link") => Some(Event::Linked { path, other }),
                    (Some(path), Some(to)) => Some(Event::Renamed { path, to }),
                    (None, None) => None,
                    _ => panic!("a file comes in or goes out: {line:.400}"),
                }
            }
            "sendto" | "sendmsg" => None,
            "writev" | "pwritev" | "fallocate" => {
                assert!(self.ours(descriptor(arguments[0]).1).is_none(), "not understood: {line:.400}");
                None
            }
            other => panic!("not understood: {other}"),
        };
        self.events.extend(event);
    }

    /// The path, if it is one of a file that counts. A file that has lost its name does not.
    fn ours(&self, path: Option<PathBuf>) -> Option<PathBuf> {
        path.filter(|path| path.starts_with(self.root))
    }
}

fn written(path: PathBuf, at: usize, argument: &str, length: usize) -> Event {
    let mut bytes = strings_in(argument);
    assert!(bytes.len() >= length, "strace left out a part of what was written");
    bytes.truncate(length);
    Event::Written { path, at, bytes }
}

impl<'a> Call<'a> {
    /// Takes `name(first, second` apart, whether the parenthesis is closed or not. No string of `-xx` holds a comma.
    fn of(text: &'a str) -> Self {
        let (name, arguments) = text.split_once('(').unwrap_or_else(|| panic!("no call: {text:.200}"));
        Call { name, arguments: arguments.trim_end().trim_end_matches(')').split(", ").collect() }
    }
}

/// The descriptor in `7<\x2f\x61>`, and its path. A path of a file that is gone ends with `(deleted)`.
fn descriptor(argument: &str) -> (usize, Option<PathBuf>) {
    let (number, path) = argument.split_once('<').unwrap_or((argument, ""));
    let number = number.parse().unwrap_or_else(|_| panic!("no descriptor: {argument:.200}"));
    let path = path.strip_suffix('>').map(|path| text(&unescaped(path))).filter(|path| path.starts_with('/'));
    (number, path.map(PathBuf::from))
}

/// The path in the argument at `at`, below the directory in the argument before it if there is one.
fn full_path(arguments: &[&str], at: usize) -> PathBuf {
    let path = PathBuf::from(text(&strings_in(arguments[at])));
    let directory = at.checked_sub(1).and_then(|before| arguments[before].split_once('<')).map(|(_, path)| path);
    match directory.and_then(|path| path.strip_suffix('>')) {
        Some(directory) => Path::new(&text(&unescaped(directory))).join(path),
        None => path,
    }
}

/// All that stands between quotation marks.
fn strings_in(argument: &str) -> Vec<u8> {
    assert!(!argument.ends_with("\"..."), "strace left out a part of what was written");
    argument.split('"').skip(1).step_by(2).flat_map(unescaped).collect()
}

fn unescaped(text: &str) -> Vec<u8> {
    text.split("\\x").skip(1).map(|digits| u8::from_str_radix(&digits[..2], 16).unwrap()).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_trace_is_read_in_the_order_of_what_it_tells() {
    let trace = "\
7 openat(AT_FDCWD<\\x2f\\x72>, \"\\x2f\\x72\\x2f\\x61\", O_RDWR|O_CREAT, 0644) = 3<\\x2f\\x72\\x2f\\x61>\n\
7 lseek(3<\\x2f\\x72\\x2f\\x61>, 5, SEEK_SET) = 5\n\
7 write(3<\\x2f\\x72\\x2f\\x61>, \"\\x00\\x01\", 2) = 2\n\
7 write(3<\\x2f\\x72\\x2f\\x61>, \"\\x02\", 1) = 1\n\
7 fdatasync(3<\\x2f\\x72\\x2f\\x61> <unfinished ...>\n\
8 pwrite64(3<\\x2f\\x72\\x2f\\x61>, \"\\x03\", 1, 9) = 1\n\
8 sendto(9<\\x73\\x6f\\x63\\x6b\\x65\\x74>, \"\\x6f\\x6b\", 2, MSG_NOSIGNAL, NULL, 0 <unfinished ...>\n\
7 <... fdatasync resumed>) = 0\n\
8 <... sendto resumed>) = 2\n\
8 writev(9<\\x73\\x6f\\x63\\x6b\\x65\\x74>, [{iov_base=\"\\x6f\", iov_len=1}, {iov_base=\"\\x6b\", iov_len=1}], 2) = 2\n\
7 mkdir(\"\\x2e\\x2f\\x64\", 0700) = 0\n\
7 unlink(\"\\x2f\\x72\\x2f\\x62\") = -1 ENOENT (No such file or directory)\n\
7 linkat(AT_FDCWD<\\x2f\\x72>, \"\\x61\", AT_FDCWD<\\x2f\\x72>, \"\\x62\", 0) = 0\n\
7 write(4<\\x2f\\x65>, \"\\x00\", 1) = 1\n\
7 fsync(4<\\x2f\\x72>) = 0\n\
8 fsync(3<\\x2f\\x72\\x2f\\x61> <unfinished ...>) = ?\n\
7 +++ exited with 0 +++";
    let path = PathBuf::from("/r/a");
    let written = |at, bytes: &[u8]| Event::Written { path: "/r/a".into(), at, bytes: bytes.to_vec() };
    let expected = [
        Event::Opened(path.clone()),
        written(5, &[0, 1]),
        written(7, &[2]),
        Event::SyncBegins { call: 5, path: path.clone() },
        written(9, &[3]),
        Event::Sent(b"ok".to_vec()),
        Event::SyncEnds { call: 5 },
        Event::Sent(b"ok".to_vec()),
        Event::DirectoryMade("/r/d".into()),
        Event::Linked { path: path.clone(), other: "/r/b".into() },
        Event::Sent(vec![0]),
        Event::SyncBegins { call: 13, path: "/r".into() },
        Event::SyncEnds { call: 13 },
        Event::SyncBegins { call: 14, path },
    ];
    assert_eq!(read(trace, Path::new("/r")), expected);
}
