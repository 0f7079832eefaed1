//! The details of an event.

use serde_json::{Map, Value};

/// Characters of a text; the rest is truncated.
const MAX_TEXT: usize = 256;

/// Texts of a list; the rest is counted.
const MAX_LIST: usize = 100;

/// A fact of a plain type. Numbers are whole, so that each has only one spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Null.
    Nothing,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text of up to 256 characters.
    Text(String),
}

impl From<bool> for Fact {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}
impl From<u16> for Fact {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}
impl From<u32> for Fact {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}
impl From<usize> for Fact {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.chars().take(MAX_TEXT).collect())
    }
}
impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}
impl<T: Into<Self>> From<Option<T>> for Fact {
    fn from(fact: Option<T>) -> Self {
        fact.map_or(Self::Nothing, Into::into)
    }
}

impl From<Fact> for Value {
    fn from(fact: Fact) -> Self {
        match fact {
            Fact::Nothing => Self::Null,
            Fact::Flag(flag) => flag.into(),
            Fact::Number(number) => number.into(),
            Fact::Text(text) => text.into(),
        }
    }
}

/// Further facts about an event, by name. Never a secret, and of users nothing but ids and usernames: what is written
/// here remains after the user is deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details(Map<String, Value>);

impl Details {
    /// Adds a fact.
    pub fn put(&mut self, name: &str, fact: impl Into<Fact>) {
        self.0.insert(name.to_owned(), fact.into().into());
    }

    /// Adds the values of a fact before and after, unless they are the same.
    pub fn put_change<T: Into<Fact>>(&mut self, name: &str, before: T, after: T) {
        let (before, after) = (before.into(), after.into());
        if before != after {
            let change = Map::from_iter([("before".to_owned(), before.into()), ("after".to_owned(), after.into())]);
            self.0.insert(name.to_owned(), change.into());
        }
    }

    /// Adds a list, unless it is empty. Of a list of more than 100 the rest is reported as a number, `<name>_left_out`.
    pub fn put_list<T: Into<String>>(&mut self, name: &str, texts: impl IntoIterator<Item = T>) {
        let mut texts = texts.into_iter().map(|text| Value::from(Fact::from(text.into())));
        let listed: Vec<Value> = texts.by_ref().take(MAX_LIST).collect();
        let left_out = texts.count();
        if left_out > 0 {
            self.put(&format!("{name}_left_out"), left_out);
        }
        if !listed.is_empty() {
            self.0.insert(name.to_owned(), listed.into());
        }
    }

    /// Whether there are no facts.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Details> for Value {
    fn from(details: Details) -> Self {
        details.0.into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_changed_is_told() {
        let mut details = Details::default();
        details.put_change("name", "Ann", "Ann");
        assert!(details.is_empty());
        details.put_change("expires_after_days", None::<u16>, Some(90_u16));
        details.put_list("granted", [""; 0]);
        assert_eq!(Value::from(details), json!({ "expires_after_days": { "before": null, "after": 90 } }));
    }

    #[test]
    fn facts_of_every_type_are_plain_json() {
        let mut details = Details::default();
        details.put("flag", true);
        details.put("u16", 1_u16);
        details.put("u32", 2_u32);
        details.put("usize", 3_usize);
        details.put("text", "é");
        details.put("nothing", None::<bool>);
        assert!(!details.is_empty());
        let expected = json!({ "flag": true, "u16": 1, "u32": 2, "usize": 3, "text": "é", "nothing": null });
        assert_eq!(Value::from(details), expected);
    }

    #[test]
    fn a_list_is_told_whole_up_to_a_hundred() {
        for (count, left_out) in [(1, None), (100, None), (101, Some(1))] {
            let mut details = Details::default();
            details.put_list("ids", (0..count).map(|number| number.to_string()));
            let value = Value::from(details);
            assert_eq!(value["ids"].as_array().unwrap().len(), count.min(100));
            assert_eq!(value.get("ids_left_out").and_then(Value::as_u64), left_out, "{count}");
        }
    }

    #[test]
    fn whatever_is_put_in_they_stay_small() {
        let mut details = Details::default();
        details.put("name", "é".repeat(1_000));
        details.put_list("user_ids", (0..100_000).map(|number| number.to_string()));
        let value = Value::from(details);
        assert_eq!(value["name"].as_str().unwrap().chars().count(), 256);
        assert_eq!(value["user_ids"].as_array().unwrap().len(), 100);
        assert_eq!(value["user_ids_left_out"], 99_900);
    }
}
