//! The file of hashes, searched on disk.

use std::{
    cmp::Ordering,
    fs::File,
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use crate::hash::{Hash, split_count};

/// Bytes that a line takes at most: forty digits, a colon, a count of twenty digits, CRLF.
const MAX_LINE: usize = 63;

/// Below this many bytes lines are read one after the other.
const BLOCK: u64 = 4096;

/// Places that are checked when the file is opened.
const SAMPLES: u64 = 256;

/// Why a file of hashes cannot be used. Says where, never what is there.
#[derive(Debug, thiserror::Error)]
pub enum FileRefused {
    /// The system cannot read it.
    #[error("the breached-password file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// It is empty.
    #[error("the breached-password file {} is empty", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A line is not a hash.
    #[error(
        "the breached-password file {} is malformed: near byte {at} there is a line that is neither a SHA-1 hash of 40 \
         hexadecimal digits nor HASH:COUNT",
        path.display()
    )]
    Garbled {
        /// The file.
        path: PathBuf,
        /// Where the line begins.
        at: u64,
    },
    /// The hashes are not sorted, or are sorted by their counts.
    #[error(
        "the breached-password file {} is not sorted: the hash at byte {at} belongs before an earlier one; use the \
         list ordered by hash, or sort it (LC_ALL=C sort)",
        path.display()
    )]
    NotSorted {
        /// The file.
        path: PathBuf,
        /// Where the hash is.
        at: u64,
    },
}

/// Why a look-up failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookupFailed {
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("near byte {0} there is a line that is not a hash")]
    Garbled(u64),
}

/// A sorted file of hashes.
pub(crate) struct HashFile {
    file: File,
    length: u64,
}

/// One line.
struct Line {
    hash: Hash,
    count: Option<u64>,
}

impl HashFile {
    /// Opens the file and checks its beginning, its end and places between: whether they hold hashes, in order.
    pub(crate) fn open(path: &Path) -> Result<Self, FileRefused> {
        let path_buf = || path.to_owned();
        let unreadable = |source| FileRefused::Unreadable { path: path_buf(), source };
        let file = File::open(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        if length == 0 {
            return Err(FileRefused::Empty { path: path_buf() });
        }
        let opened = Self { file, length };
        let failed = |why| match why {
            LookupFailed::Io(source) => FileRefused::Unreadable { path: path_buf(), source },
            LookupFailed::Garbled(at) => FileRefused::Garbled { path: path_buf(), at },
        };
        let mut last: Option<Hash> = None;
        let mut read_to = 0;
        for sample in 0..=SAMPLES {
            // The product would overflow only for files larger than any that exist; then the samples are closer
            // together.
            let aim = length.checked_mul(sample).map_or(length, |scaled| scaled / SAMPLES);
            let from = aim.min(length.saturating_sub(BLOCK)).max(read_to);
            let Some(start) = opened.line_start(from).map_err(failed)? else { continue };
            let (lines, end) = opened.lines(start, start.saturating_add(BLOCK).min(length)).map_err(failed)?;
            for (at, line) in lines {
                if last.is_some_and(|last| line.hash < last) {
                    return Err(FileRefused::NotSorted { path: path_buf(), at });
                }
                last = Some(line.hash);
            }
            read_to = end;
        }
        Ok(opened)
    }

    /// How often the password was seen; `None`: never. A hash without a count was seen at least once.
    pub(crate) fn count(&self, hash: &Hash) -> Result<Option<u64>, LookupFailed> {
        // `low` and `high` are where lines begin (or the end); a line of this hash begins between them.
        let (mut low, mut high) = (0, self.length);
        while high.saturating_sub(low) > BLOCK {
            let middle = low.midpoint(high);
            let Some(start) = self.line_start(middle)?.filter(|start| *start < high) else {
                // The last line before `high` begins before the middle, within a line's length of `high`.
                high = middle;
                continue;
            };
            let line = self.line(start)?;
            match line.hash.cmp(hash) {
                Ordering::Less => low = start,
                Ordering::Greater => high = start,
                Ordering::Equal => return Ok(Some(line.count.unwrap_or(u64::MAX))),
            }
        }
        let (lines, _) = self.lines(low, high)?;
        let found = lines.into_iter().find(|(_, line)| line.hash == *hash);
        Ok(found.map(|(_, line)| line.count.unwrap_or(u64::MAX)))
    }

    /// The start of the first line that begins at `from` or after it; `None` at the end of the file.
    fn line_start(&self, from: u64) -> Result<Option<u64>, LookupFailed> {
        let Some(before) = from.checked_sub(1) else { return Ok(Some(0)) };
        let bytes = self.read(before, MAX_LINE + 1)?;
        match bytes.iter().position(|byte| *byte == b'\n') {
            Some(at) => {
                let start = before.saturating_add(u64::try_from(at).unwrap_or(0)).saturating_add(1);
                Ok(Some(start).filter(|start| *start < self.length))
            }
            // The last line may lack its end.
            None if before.saturating_add(u64::try_from(bytes.len()).unwrap_or(0)) >= self.length => Ok(None),
            None => Err(LookupFailed::Garbled(from)),
        }
    }

    /// The line that begins at `start`.
    fn line(&self, start: u64) -> Result<Line, LookupFailed> {
        let bytes = self.read(start, MAX_LINE)?;
        let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        parse(line).ok_or(LookupFailed::Garbled(start))
    }

    /// The lines that begin at `low` or after it and before `high`, and where the next one begins.
    fn lines(&self, low: u64, high: u64) -> Result<(Vec<(u64, Line)>, u64), LookupFailed> {
        let length = usize::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(MAX_LINE);
        let bytes = self.read(low, length)?;
        let mut lines = Vec::new();
        let mut at = low;
        for line in bytes.split(|byte| *byte == b'\n') {
            if at >= high {
                break;
            }
            lines.push((at, parse(line).ok_or(LookupFailed::Garbled(at))?));
            at = at.saturating_add(u64::try_from(line.len()).unwrap_or(0)).saturating_add(1);
        }
        Ok((lines, at))
    }

    /// Up to `length` bytes from `from` on; fewer at the end of the file.
    fn read(&self, from: u64, length: usize) -> Result<Vec<u8>, io::Error> {
        let mut bytes = vec![0; length];
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.file.read_at(rest, from.saturating_add(u64::try_from(filled).unwrap_or(0))) {
                Ok(0) => break,
                Ok(count) => filled = filled.saturating_add(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(filled);
        Ok(bytes)
    }
}

fn parse(line: &[u8]) -> Option<Line> {
    let (digits, count) = split_count(line)?;
    Some(Line { hash: Hash::parse(digits)?, count })
}

#[cfg(test)]
mod tests;
