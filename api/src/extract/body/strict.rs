//! Rejects JSON that parsers read differently: duplicate keys, and unbounded nesting (RFC 8259 §4, §9).
//!
//! This reads each body once more than its type needs. Serde finds the duplicate keys of a struct, but not those of a
//! value that it ignores (a member that need only be present), and there it has no limit of depth. It also stops at the
//! first fault: a body that is not JSON would be 422 if a field before that place does not fit, and 400 otherwise.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};

/// How deep objects and arrays may be nested. Every body of this API needs far less.
const MAX_DEPTH: u8 = 32;

/// Reads `text` to its end and keeps nothing of it.
pub fn check(text: &str) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Value { depth: 0 }.deserialize(&mut deserializer)?;
    deserializer.end()
}

/// The message about nesting that is too deep.
const NESTED: &str = "values nested more than 32 levels deep";
/// The message about a duplicate key.
const DUPLICATE: &str = "the same key twice in one object";

/// Any JSON value at this depth.
#[derive(Clone, Copy)]
struct Value {
    depth: u8,
}

impl Value {
    fn inner<E: Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(NESTED));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Value {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        while items.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        let mut seen = HashSet::<Cow<'de, str>>::new();
        while let Some(Key(key)) = entries.next_key()? {
            if !seen.insert(key) {
                return Err(A::Error::custom(DUPLICATE));
            }
            entries.next_value_seed(inner)?;
        }
        Ok(())
    }
}

/// A key, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_json_passes() {
        for good in ["{}", " [1, -2.5e3, true, null, \"\\u00e9\"] ", "{\"a\":{\"a\":1},\"b\":[{}]}", "\"x\""] {
            check(good).unwrap();
        }
        check(&format!("{}{}", "[".repeat(32), "]".repeat(32))).unwrap();
    }

    #[test]
    fn what_parsers_read_differently_is_refused() {
        for (bad, expected) in [
            (r#"{"a":1,"a":2}"#, DUPLICATE),
            (r#"{"a":1,"\u0061":2}"#, DUPLICATE),
            (r#"[{"b":{"c":1,"c":1}}]"#, DUPLICATE),
            (r#""\ud800""#, "hex escape"),
            ("{} {}", "trailing characters"),
            ("{'a':1}", "key must be a string"),
            ("[1,]", "trailing comma"),
            ("NaN", "expected value"),
            ("\"a\u{0}\"", "control character"),
            ("1e999", "out of range"),
        ] {
            let error = check(bad).unwrap_err().to_string();
            assert!(error.contains(expected), "{bad}: {error}");
        }
        for deep in ["[".repeat(33), "{\"a\":".repeat(100_000), "[".repeat(1_000_000)] {
            assert!(check(&deep).unwrap_err().to_string().contains(NESTED));
        }
    }
}
