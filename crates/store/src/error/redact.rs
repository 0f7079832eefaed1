//! Removes values from messages that may end up in a log.

/// Words after which PostgreSQL quotes a name of the schema, not a value.
const NAMES: [&str; 9] =
    ["relation", "table", "column", "constraint", "index", "type", "function", "schema", "database"];

/// `message` without text in double or single quotes, except for names of the schema.
pub(crate) fn redact(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, quote, after)) = split_at_quote(rest) {
        let name = before.trim_end().rsplit(' ').next().is_some_and(|word| NAMES.contains(&word));
        let (quoted, tail) = after.split_once(quote).unwrap_or((after, ""));
        out.extend([before, "\"", if name { quoted } else { "…" }, "\""]);
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn split_at_quote(text: &str) -> Option<(&str, char, &str)> {
    let mut last = ' ';
    let (at, quote) = text.char_indices().find(|(_, c)| {
        // An apostrophe inside a word opens nothing.
        let opens = *c == '"' || *c == '\'' && !last.is_alphanumeric();
        last = *c;
        opens
    })?;
    let (before, after) = text.split_at_checked(at)?;
    Some((before, quote, after.strip_prefix(quote)?))
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn values_go_and_names_stay() {
        for (message, shown) in [
            ("invalid input syntax for type uuid: \"ann@example.org\"", "invalid input syntax for type uuid: \"…\""),
            ("relation \"users\" does not exist", "relation \"users\" does not exist"),
            ("near 'secret", "near \"…\""),
            ("it can't be 'so'", "it can't be \"…\""),
            ("no such table: users", "no such table: users"),
            ("", ""),
        ] {
            assert_eq!(redact(message), shown);
        }
    }
}
