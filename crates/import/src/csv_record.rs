//! Parses records of CSV.

use zeroize::Zeroizing;

use crate::Refused;

/// The fields of the record, each a text.
///
/// # Errors
/// [`Refused::Malformed`] for quotes that RFC 4180 does not allow: inside a field that does not begin with one, or
/// before more text.
pub(crate) fn read(text: &str) -> Result<Vec<Zeroizing<String>>, Refused> {
    check_quotes(text)?;
    let malformed = |what: &str| Refused::Malformed(format!("this is not a CSV record: {what}"));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(text.len().max(1))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    if !reader.read_record(&mut record).map_err(|_| malformed("it cannot be read"))? {
        return Err(malformed("it is empty"));
    }
    let fields = record.iter().map(|field| Zeroizing::new(field.to_owned())).collect();
    let mut more = csv::StringRecord::new();
    if reader.read_record(&mut more).map_err(|_| malformed("it cannot be read"))? {
        return Err(malformed("it has a carriage return that does not end a line"));
    }
    Ok(fields)
}

/// Rejects what the library accepts and the RFC does not.
fn check_quotes(text: &str) -> Result<(), Refused> {
    let malformed = |what: &str, at: usize| {
        Err(Refused::Malformed(format!("this is not a CSV record: {what} (byte {})", at.saturating_add(1))))
    };
    let mut characters = text.char_indices().peekable();
    let mut at_start = true;
    while let Some((at, character)) = characters.next() {
        match (at_start, character) {
            (true, '"') => loop {
                match characters.next() {
                    None => return malformed("a quote is not closed", at),
                    Some((_, '"')) if characters.next_if(|(_, next)| *next == '"').is_some() => {}
                    Some((end, '"')) => match characters.peek() {
                        None | Some((_, ',')) => break,
                        Some(_) => return malformed("text follows a closing quote", end),
                    },
                    Some(_) => {}
                }
            },
            (false, '"') => return malformed("a quote is inside a field that does not begin with one", at),
            (_, _) => {}
        }
        at_start = character == ',';
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<String> {
        read(text).unwrap().iter().map(|field| field.to_string()).collect()
    }

    #[test]
    fn fields_with_and_without_quotes() {
        assert_eq!(fields("a,b,"), ["a", "b", ""]);
        assert_eq!(fields("\"a,b\",\"c \"\"d\"\"\",\"e\nf\""), ["a,b", "c \"d\"", "e\nf"]);
        assert_eq!(fields("\"\",é"), ["", "é"]);
        assert_eq!(fields(",,"), ["", "", ""]);
    }

    #[test]
    fn quotes_that_are_not_allowed_are_refused_with_their_place() {
        for (text, expected) in [
            ("a,\"b", "this is not a CSV record: a quote is not closed (byte 3)"),
            ("a\"b", "this is not a CSV record: a quote is inside a field that does not begin with one (byte 2)"),
            ("\"a\"b", "this is not a CSV record: text follows a closing quote (byte 3)"),
            ("a\rb", "this is not a CSV record: it has a carriage return that does not end a line"),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), expected, "{text:?}");
        }
    }
}
