//! Reads lists, as a file and as a variable hold them.

use std::fmt;

use serde::{Deserializer, de};

/// A list of texts; or one text with commas between the entries, as in a variable.
pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Visitor;

    impl<'de> de::Visitor<'de> for Visitor {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list, or text separated by commas")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<String>, E> {
            Ok(text.split(',').map(|entry| entry.trim().to_owned()).collect())
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, mut entries: A) -> Result<Vec<String>, A::Error> {
            let mut texts = Vec::new();
            while let Some(entry) = entries.next_element::<String>()? {
                texts.push(entry.trim().to_owned());
            }
            Ok(texts)
        }
    }

    deserializer.deserialize_any(Visitor)
}
