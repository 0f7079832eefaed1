//! Tests that any file is read to its end.

use proptest::prelude::*;

use crate::{Batch, Columns, Format, Record, Splitter};

fn records(format: Format, pieces: &[&[u8]]) -> Vec<Record> {
    let mut records = Vec::new();
    let mut splitter = Splitter::new(format);
    for piece in pieces {
        splitter.push(piece, |record| records.push(record));
    }
    splitter.finish(|record| records.push(record));
    records
}

/// Bytes with a meaning for the parsers occur more often than others.
fn file() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        6 => prop::sample::select(b"\"\",,\r\n\n{}[]:\\ua1".to_vec()),
        1 => any::<u8>(),
    ];
    prop::collection::vec(byte, 0..400)
}

fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
}

proptest! {
    #[test]
    fn no_file_makes_anything_panic_and_pieces_do_not_matter(file in file(), at in 0_usize..400) {
        let (head, tail) = file.split_at(at.min(file.len()));
        for format in [Format::Ndjson, Format::Csv] {
            let whole = records(format, &[&file]);
            prop_assert!(whole == records(format, &[head, tail]));
            let mut batch = Batch::default();
            for record in whole {
                let _ = Columns::named().read(&record);
                if let Ok(columns) = Columns::of_header(&record) {
                    let _ = columns.read(&record);
                }
                let _ = Columns::of_text(Format::Csv, "username,permissions").unwrap().read(&record);
                batch.push(record);
            }
            prop_assert!(Batch::decode(&batch.encode()).unwrap().records() == batch.records());
        }
    }

    #[test]
    fn no_bytes_make_a_batch_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Batch::decode(&bytes);
    }

    #[test]
    fn what_is_quoted_reads_back(names in prop::collection::vec("[^\0]{1,40}", 1..20)) {
        let mut file = "username\r\n".to_owned();
        for name in &names {
            file.push_str(&quoted(name));
            file.push_str("\r\n");
        }
        let records = records(Format::Csv, &[file.as_bytes()]);
        let columns = Columns::of_header(&records[0]).unwrap();
        let read: Vec<_> = records[1..].iter().map(|record| columns.read(record).unwrap().username).collect();
        prop_assert_eq!(read, names);
    }
}
