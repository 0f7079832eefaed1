//! Tables for spreadsheets (RFC 4180).

use crate::problem::{Code, Problem, Result};

/// One cell.
pub enum Cell<'a> {
    /// What somebody has written, or a word of ours.
    Text(&'a str),
    /// A number.
    Number(u64),
    /// Nothing is known.
    Empty,
}

/// The table with its header, its lines ended by CRLF.
///
/// A spreadsheet takes a cell for a formula if it begins with `=`, `+`, `-`, `@`, a tab or a carriage return, and would
/// run what the author of a name has written. An apostrophe before it makes it text. A formula may also begin after a
/// `;` or a tab: many spreadsheets take these for the end of a cell, whatever the file says.
pub fn table<'a>(header: &[&str], rows: impl IntoIterator<Item = Vec<Cell<'a>>>) -> Result<String> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let failed = |_| Problem::new(Code::InternalError, "The table could not be written.");
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        writer.write_record(row.iter().map(in_words)).map_err(failed)?;
    }
    let bytes =
        writer.into_inner().map_err(|_| Problem::new(Code::InternalError, "The table could not be written."))?;
    String::from_utf8(bytes).map_err(|_| Problem::new(Code::InternalError, "The table could not be written."))
}

fn in_words(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => text.split_inclusive([';', '\t', '\n', '\r']).map(without_formula).collect(),
        Cell::Number(number) => number.to_string(),
        Cell::Empty => String::new(),
    }
}

/// The beginning of a cell.
fn without_formula(text: &str) -> String {
    // Leading blanks do not make it text.
    let formula = text.trim_start_matches([' ', '"']).starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_breaks_the_table() {
        let names = ["=1+1", "+1", "-1", "@SUM(A1)", "plain", "a \"b\", c", "two\nlines", "1-2", "'=1", ""];
        let rows = names.map(|name| vec![Cell::Text(name), Cell::Number(1), Cell::Empty]);
        let text = table(&["name", "users", "overdue"], rows).unwrap();
        assert!(text.starts_with("name,users,overdue\r\n'=1+1,1,\r\n'+1,1,\r\n'-1,1,\r\n'@SUM(A1),1,\r\n"));
        assert!(text.contains("\r\n\"a \"\"b\"\", c\",1,\r\n\"two\nlines\",1,\r\n"), "{text}");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let read: Vec<_> = reader.records().map(|row| row.unwrap().get(0).unwrap().to_owned()).collect();
        for (name, safe) in [
            ("\t=1", "'\t'=1"),
            ("x;=1+1", "x;'=1+1"),
            ("x;\t=1", "x;'\t'=1"),
            ("a\n@b", "a\n'@b"),
            (" =1", "' =1"),
            ("a; b-c", "a; b-c"),
        ] {
            assert_eq!(in_words(&Cell::Text(name)), safe);
        }
        let safe = |name: &str| if name.starts_with(['=', '+', '-', '@']) { format!("'{name}") } else { name.into() };
        assert_eq!(read, names.map(safe));
    }
}
