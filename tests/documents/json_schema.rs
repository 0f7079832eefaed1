//! The subset of JSON Schema (2020-12) that the document uses. An unknown keyword is a fault, so that none is ignored.

use serde_json::{Map, Value};

/// What only describes.
const ANNOTATIONS: [&str; 10] = [
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "discriminator",
    "contentMediaType",
    "contentEncoding",
    "x-extensible-enum",
];

/// What is wrong with `value` as an instance of `schema`, with the place in it; nothing: it fits.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Check { document, found: &mut found }.check(schema, value, "");
    found
}

struct Check<'a> {
    document: &'a Value,
    found: &'a mut Vec<String>,
}

impl Check<'_> {
    fn check(&mut self, schema: &Value, value: &Value, at: &str) {
        let schema = schema.as_object().unwrap_or_else(|| panic!("no schema: {schema}"));
        for (keyword, rule) in schema {
            if ANNOTATIONS.contains(&keyword.as_str()) {
                continue;
            }
            let fits = match keyword.as_str() {
                "$ref" => {
                    let pointer = rule.as_str().unwrap().strip_prefix('#').unwrap();
                    let target = self.document.pointer(pointer).unwrap_or_else(|| panic!("{rule} leads nowhere"));
                    self.check(target, value, at);
                    true
                }
                "oneOf" | "anyOf" => {
                    let fitting = rule.as_array().unwrap().iter();
                    let fitting = fitting.filter(|one| faults(self.document, one, value).is_empty()).count();
                    if keyword == "oneOf" { fitting == 1 } else { fitting > 0 }
                }
                "properties" | "required" | "additionalProperties" => {
                    value.as_object().is_none_or(|object| self.object(schema, keyword, object, at))
                }
                "propertyNames" => {
                    for name in value.as_object().into_iter().flat_map(Map::keys) {
                        self.check(rule, &Value::from(name.as_str()), at);
                    }
                    true
                }
                "items" | "minItems" | "maxItems" | "uniqueItems" => {
                    value.as_array().is_none_or(|array| self.array(keyword, rule, array, at))
                }
                _ => of_one_value(keyword, rule, value),
            };
            if !fits {
                self.found.push(format!("{at}: {value} against {keyword}: {rule}"));
            }
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, keyword: &str, object: &Map<String, Value>, at: &str) -> bool {
        let known = schema.get("properties").and_then(Value::as_object);
        match keyword {
            "properties" => {
                for (name, property) in known.unwrap() {
                    if let Some(value) = object.get(name) {
                        self.check(property, value, &format!("{at}/{name}"));
                    }
                }
                true
            }
            "required" => {
                schema["required"].as_array().unwrap().iter().all(|name| object.contains_key(name.as_str().unwrap()))
            }
            _ => {
                let rule = &schema["additionalProperties"];
                let others = object.iter().filter(|(name, _)| known.is_none_or(|known| !known.contains_key(*name)));
                if let Some(allowed) = rule.as_bool() {
                    return allowed || others.count() == 0;
                }
                for (name, value) in others {
                    self.check(rule, value, &format!("{at}/{name}"));
                }
                true
            }
        }
    }

    fn array(&mut self, keyword: &str, rule: &Value, array: &[Value], at: &str) -> bool {
        match keyword {
            "items" => {
                for (index, item) in array.iter().enumerate() {
                    self.check(rule, item, &format!("{at}/{index}"));
                }
                true
            }
            "minItems" => array.len() >= as_size(rule),
            "maxItems" => array.len() <= as_size(rule),
            _ => array.iter().enumerate().all(|(index, item)| !array[..index].contains(item)),
        }
    }
}

fn as_size(rule: &Value) -> usize {
    rule.as_u64().unwrap().try_into().unwrap()
}

/// The keywords that look at nothing within.
fn of_one_value(keyword: &str, rule: &Value, value: &Value) -> bool {
    let (text, number) = (value.as_str(), value.as_f64());
    match keyword {
        "type" => match rule {
            Value::Array(types) => types.iter().any(|one| is_of_type(one, value)),
            one => is_of_type(one, value),
        },
        "enum" => rule.as_array().unwrap().contains(value),
        "const" => rule == value,
        "minLength" => text.is_none_or(|text| text.chars().count() >= as_size(rule)),
        "maxLength" => text.is_none_or(|text| text.chars().count() <= as_size(rule)),
        "pattern" => {
            let pattern = regex_lite::Regex::new(rule.as_str().unwrap()).unwrap();
            text.is_none_or(|text| pattern.is_match(text))
        }
        "minimum" => number.is_none_or(|number| number >= rule.as_f64().unwrap()),
        "maximum" => number.is_none_or(|number| number <= rule.as_f64().unwrap()),
        "format" => has_format(rule.as_str().unwrap(), value),
        _ => panic!("the keyword {keyword} is not known in tests/documents/json_schema.rs"),
    }
}

fn is_of_type(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not known in tests/documents/json_schema.rs"),
    }
}

fn has_format(format: &str, value: &Value) -> bool {
    let (text, number) = (value.as_str(), value.as_i64());
    match format {
        "uuid" => text.is_none_or(|text| text.len() == 36 && text.parse::<uuid::Uuid>().is_ok()),
        "date-time" => text.is_none_or(|text| chrono::DateTime::parse_from_rfc3339(text).is_ok()),
        "date" => text.is_none_or(|text| text.parse::<chrono::NaiveDate>().is_ok()),
        "int32" => number.is_none_or(|number| i32::try_from(number).is_ok()),
        "uri-reference" => text.is_none_or(|text| !text.contains(' ')),
        "int64" | "password" | "binary" => true,
        other => panic!("the format {other} is not known in tests/documents/json_schema.rs"),
    }
}

mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_does_not_fit_is_found() {
        let document = json!({ "a": { "type": "string", "maxLength": 2 } });
        for (schema, good, bad) in [
            (json!({ "type": "array", "items": { "type": "string" } }), json!(["x"]), json!([["x"]])),
            (json!({ "type": ["string", "null"] }), json!(null), json!(1)),
            (json!({ "$ref": "#/a" }), json!("ab"), json!("abc")),
            (json!({ "oneOf": [{ "$ref": "#/a" }, { "type": "null" }] }), json!(null), json!("abc")),
            (json!({ "oneOf": [{ "type": "string" }, { "$ref": "#/a" }] }), json!("abc"), json!("ab")),
            (json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }), json!("a"), json!(1)),
            (json!({ "properties": { "a": { "type": "null" } } }), json!({ "a": null }), json!({ "a": 1 })),
            (json!({ "required": ["a"] }), json!({ "a": 1 }), json!({ "b": 1 })),
            (json!({ "properties": { "a": {} }, "additionalProperties": false }), json!({ "a": 1 }), json!({ "b": 1 })),
            (json!({ "additionalProperties": { "type": "integer" } }), json!({ "a": 1 }), json!({ "a": 1.5 })),
            (json!({ "minItems": 1, "maxItems": 2, "uniqueItems": true }), json!([1, 2]), json!([1, 1])),
            (json!({ "minItems": 1 }), json!([1]), json!([])),
            (json!({ "maxItems": 1 }), json!([1]), json!([1, 2])),
            (json!({ "minLength": 2 }), json!("ää"), json!("ä")),
            (json!({ "pattern": "^[ab]+$" }), json!("abba"), json!("abc")),
            (json!({ "minimum": 1 }), json!(1), json!(0)),
            (json!({ "maximum": 1 }), json!(1), json!(2)),
            (json!({ "enum": ["a"] }), json!("a"), json!("b")),
            (json!({ "const": "a" }), json!("a"), json!("b")),
            (json!({ "format": "uuid" }), json!("01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"), json!("1")),
            (json!({ "format": "date-time" }), json!("2026-03-01T12:00:00Z"), json!("2026-03-01 12:00")),
            (json!({ "format": "date" }), json!("2026-03-01"), json!("2026-03-32")),
            (json!({ "format": "int32" }), json!(1), json!(3_000_000_000_u32)),
            (json!({ "type": "integer" }), json!(1), json!("1")),
            (json!({ "type": "object" }), json!({}), json!([])),
            (json!({ "type": "boolean" }), json!(true), json!("true")),
        ] {
            assert!(faults(&document, &schema, &good).is_empty(), "{schema}: {good}");
            assert!(!faults(&document, &schema, &bad).is_empty(), "{schema}: {bad}");
        }
    }
}
