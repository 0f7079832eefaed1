//! Batches of records: imported together, as one value that can be sealed and stored.

use zeroize::Zeroizing;

use crate::{MAX_RECORD_BYTES, Record};

/// Records of a batch.
pub const RECORDS_PER_BATCH: usize = 250;

/// Bytes of a batch after which it accepts no more records.
const FULL_AT_BYTES: usize = 256 * 1024;

/// Marks a record that was too long, in place of its length.
const TOO_LONG: u32 = u32::MAX;

/// Up to [`RECORDS_PER_BATCH`] records.
#[derive(Default)]
pub struct Batch {
    records: Vec<Record>,
    bytes: usize,
}

/// The bytes were not written by [`Batch::encode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a batch cannot be read")]
pub struct MalformedBatch;

impl Batch {
    /// Adds a record.
    pub fn push(&mut self, record: Record) {
        self.bytes += record.bytes.as_ref().map_or(0, |bytes| bytes.len());
        self.records.push(record);
    }

    /// Whether it should accept no more.
    pub fn is_full(&self) -> bool {
        self.records.len() >= RECORDS_PER_BATCH || self.bytes >= FULL_AT_BYTES
    }

    /// The records.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Line, length and bytes of each record, one after the other.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(self.bytes + 8 * self.records.len()));
        for record in &self.records {
            out.extend(record.line.to_be_bytes());
            match &record.bytes {
                None => out.extend(TOO_LONG.to_be_bytes()),
                Some(bytes) => {
                    out.extend(u32::try_from(bytes.len()).unwrap_or(TOO_LONG).to_be_bytes());
                    out.extend_from_slice(bytes);
                }
            }
        }
        out
    }

    /// Parses what [`Self::encode`] has written.
    pub fn decode(mut bytes: &[u8]) -> Result<Self, MalformedBatch> {
        let mut batch = Self::default();
        while !bytes.is_empty() {
            let line = number(&mut bytes)?;
            let length = number(&mut bytes)?;
            let content = match usize::try_from(length) {
                _ if length == TOO_LONG => None,
                Ok(length) if length <= MAX_RECORD_BYTES => {
                    let (content, rest) = bytes.split_at_checked(length).ok_or(MalformedBatch)?;
                    bytes = rest;
                    Some(Zeroizing::new(content.to_vec()))
                }
                _ => return Err(MalformedBatch),
            };
            batch.push(Record { line, bytes: content });
        }
        Ok(batch)
    }
}

fn number(bytes: &mut &[u8]) -> Result<u32, MalformedBatch> {
    let (number, rest) = bytes.split_first_chunk::<4>().ok_or(MalformedBatch)?;
    *bytes = rest;
    Ok(u32::from_be_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(line: u32, bytes: Option<&[u8]>) -> Record {
        Record { line, bytes: bytes.map(|bytes| Zeroizing::new(bytes.to_vec())) }
    }

    #[test]
    fn what_is_written_reads_back_and_a_cut_is_noticed() {
        let records =
            || [record(1, Some(b"a")), record(2, None), record(70_000, Some(b"")), record(9, Some(&[0xff; 900]))];
        let mut batch = Batch::default();
        for record in records() {
            batch.push(record);
        }
        let bytes = batch.encode();
        assert!(Batch::decode(&bytes).unwrap().records() == records());
        assert!(Batch::decode(&[]).unwrap().records().is_empty());
        for end in [1, 7, 8, 10, bytes.len() - 1] {
            assert!(Batch::decode(&bytes[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn no_record_of_a_batch_is_longer_than_one_of_a_file() {
        let of_length = |length: usize| {
            let length = u32::try_from(length).unwrap();
            [&1_u32.to_be_bytes()[..], &length.to_be_bytes(), &vec![b'x'; 100_000]].concat()
        };
        let whole = &of_length(MAX_RECORD_BYTES)[..8 + MAX_RECORD_BYTES];
        assert!(Batch::decode(whole).is_ok());
        let longer = &of_length(MAX_RECORD_BYTES + 1)[..9 + MAX_RECORD_BYTES];
        assert_eq!(Batch::decode(longer).err(), Some(MalformedBatch));
    }

    #[test]
    fn a_batch_is_full_by_number_or_by_size() {
        let mut many = Batch::default();
        (0..250).for_each(|line| many.push(record(line, Some(b"x"))));
        assert!(many.is_full());
        let mut large = Batch::default();
        (0..3).for_each(|line| large.push(record(line, Some(&vec![b'x'; MAX_RECORD_BYTES]))));
        assert!(!large.is_full());
        large.push(record(4, Some(&vec![b'x'; MAX_RECORD_BYTES])));
        assert!(large.is_full());
    }
}
