//! Splits a stream of bytes into records.

use zeroize::Zeroizing;

use crate::Format;

/// Bytes that a record may have.
pub const MAX_RECORD_BYTES: usize = 64 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One record, as in the file.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// Its content, without the end of the line; `None`: more than [`MAX_RECORD_BYTES`].
    pub bytes: Option<Zeroizing<Vec<u8>>>,
}

/// The position of a byte, as far as the end of a record depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// At the beginning of a field.
    FieldStart,
    /// In a field without quotes, or after one with quotes.
    Plain,
    /// Between the quotes of a field: a line end is part of it.
    Quoted,
    /// In a record that is too long: everything up to the line end is dropped.
    Skipping,
}

/// Splits pieces of any size into records.
pub struct Splitter {
    format: Format,
    place: Place,
    /// The line of the next byte.
    line: u32,
    /// The line on which the current record began.
    began: u32,
    pending: Zeroizing<Vec<u8>>,
    /// Whether the beginning of the file has been checked for a byte order mark.
    started: bool,
}

impl Splitter {
    /// A splitter at the beginning of a file.
    pub fn new(format: Format) -> Self {
        Self {
            format,
            place: Place::FieldStart,
            line: 1,
            began: 1,
            pending: Zeroizing::new(Vec::new()),
            started: false,
        }
    }

    /// Takes the next piece of the file and passes on every record that is complete now.
    pub fn push(&mut self, piece: &[u8], mut take: impl FnMut(Record)) {
        for byte in piece {
            self.byte(*byte, &mut take);
        }
    }

    /// Passes on what follows the last line end.
    pub fn finish(mut self, mut take: impl FnMut(Record)) {
        self.end_record(&mut take);
    }

    fn byte(&mut self, byte: u8, take: &mut impl FnMut(Record)) {
        if byte == b'\n' {
            self.line = self.line.saturating_add(1);
            if self.place != Place::Quoted {
                self.end_record(take);
                return;
            }
        }
        if self.place == Place::Skipping {
            return;
        }
        self.pending.push(byte);
        if !self.started && self.pending.len() == BYTE_ORDER_MARK.len() {
            self.started = true;
            if self.pending.as_slice() == BYTE_ORDER_MARK {
                self.pending.clear();
                self.place = Place::FieldStart;
                return;
            }
        }
        let opens = match self.place {
            Place::FieldStart => byte == b'"',
            // A doubled quote closes and opens again.
            Place::Plain => byte == b'"' && self.follows_quote(),
            Place::Quoted => byte != b'"',
            Place::Skipping => false,
        };
        // Anything else after a quote is refused by the parser of the record.
        self.place = match (self.format, opens) {
            (Format::Csv, true) => Place::Quoted,
            (Format::Csv, false) if byte == b',' => Place::FieldStart,
            (Format::Csv, false) | (Format::Ndjson, _) => Place::Plain,
        };
        if self.pending.len() > MAX_RECORD_BYTES + 1 {
            self.too_long(take);
        }
    }

    /// Whether the byte before the last one is the quote that closed a field.
    fn follows_quote(&self) -> bool {
        self.pending.iter().rev().nth(1) == Some(&b'"')
    }

    /// Gives up the record. The rest of its line is dropped; if it spans several lines, that is the current line.
    fn too_long(&mut self, take: &mut impl FnMut(Record)) {
        take(Record { line: self.began, bytes: None });
        self.pending.clear();
        self.place = Place::Skipping;
    }

    fn end_record(&mut self, take: &mut impl FnMut(Record)) {
        self.started = true;
        let was_skipping = self.place == Place::Skipping;
        let line = std::mem::replace(&mut self.began, self.line);
        self.place = Place::FieldStart;
        if was_skipping {
            return;
        }
        let mut bytes = std::mem::replace(&mut self.pending, Zeroizing::new(Vec::new()));
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        if bytes.len() > MAX_RECORD_BYTES {
            take(Record { line, bytes: None });
        } else if !bytes.iter().all(|byte| matches!(byte, b' ' | b'\t')) {
            take(Record { line, bytes: Some(bytes) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line and text of each record, whatever the size of the pieces.
    fn split(format: Format, file: &[u8]) -> Vec<(u32, Option<String>)> {
        let cut_in = |size: usize| {
            let mut records = Vec::new();
            let mut splitter = Splitter::new(format);
            for piece in file.chunks(size) {
                splitter.push(piece, |record| records.push(record));
            }
            splitter.finish(|record| records.push(record));
            let text = |bytes: Zeroizing<Vec<u8>>| String::from_utf8_lossy(&bytes).into_owned();
            records.into_iter().map(|record| (record.line, record.bytes.map(text))).collect::<Vec<_>>()
        };
        let whole = cut_in(file.len().max(1));
        for size in [1, 2, 3, 7] {
            assert_eq!(cut_in(size), whole, "in pieces of {size}");
        }
        whole
    }

    fn some(records: &[(u32, &str)]) -> Vec<(u32, Option<String>)> {
        records.iter().map(|(line, text)| (*line, Some((*text).to_owned()))).collect()
    }

    #[test]
    fn lines_end_in_both_ways_and_empty_ones_are_skipped() {
        for format in [Format::Ndjson, Format::Csv] {
            assert_eq!(split(format, b"a\nb\r\n\r\n  \t\n\nc"), some(&[(1, "a"), (2, "b"), (6, "c")]));
            assert_eq!(split(format, b""), []);
            assert_eq!(split(format, b"\n\n"), []);
            assert_eq!(split(format, b"a"), some(&[(1, "a")]));
        }
    }

    #[test]
    fn a_byte_order_mark_is_skipped_at_the_beginning_only() {
        assert_eq!(split(Format::Ndjson, b"\xef\xbb\xbfa\n\xef\xbb\xbfb"), some(&[(1, "a"), (2, "\u{feff}b")]));
        assert_eq!(split(Format::Csv, b"\xef\xbb\xbf\"a\nb\"\nc"), some(&[(1, "\"a\nb\""), (3, "c")]));
        assert_eq!(split(Format::Csv, b"\xef\xbb\xbf"), []);
        assert_eq!(split(Format::Ndjson, b"a\n\xef"), some(&[(1, "a"), (2, "\u{fffd}")]));
    }

    #[test]
    fn quotes_keep_lines_together_in_csv_only() {
        assert_eq!(split(Format::Csv, b"\"a\r\nb\",c\nd"), some(&[(1, "\"a\r\nb\",c"), (3, "d")]));
        assert_eq!(split(Format::Csv, b"\"a\"\"\nb\"\nc"), some(&[(1, "\"a\"\"\nb\""), (3, "c")]));
        assert_eq!(split(Format::Csv, b"x,\"\",\"\n\"\nc"), some(&[(1, "x,\"\",\"\n\""), (3, "c")]));
        // A quote inside a field opens nothing.
        assert_eq!(split(Format::Csv, b"a\"b\nc"), some(&[(1, "a\"b"), (2, "c")]));
        assert_eq!(split(Format::Ndjson, b"\"a\nb\""), some(&[(1, "\"a"), (2, "b\"")]));
    }

    #[test]
    fn a_record_that_is_too_long_is_given_up_and_the_next_line_goes_on() {
        let longest = "x".repeat(MAX_RECORD_BYTES);
        for format in [Format::Ndjson, Format::Csv] {
            let file = format!("a\n{longest}\r\n{longest}x\n{longest}{longest}\nb");
            let expected = [
                (1, Some("a".to_owned())),
                (2, Some(longest.clone())),
                (3, None),
                (4, None),
                (5, Some("b".to_owned())),
            ];
            assert_eq!(split(format, file.as_bytes()), expected);
        }
        let unclosed = format!("a,\"b\n{}\nc\nd", "x\n".repeat(40_000));
        let records = split(Format::Csv, unclosed.as_bytes());
        assert_eq!(records[0], (1, None));
        assert_eq!(records.last().unwrap(), &(40_003 + 1, Some("d".to_owned())));
    }
}
