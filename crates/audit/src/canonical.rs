//! The canonical form of a value.

use serde_json::Value;

/// The value as JSON in the order of RFC 8785 §3.2.3: keys sorted, no white space. Whether a JSON map keeps its keys
/// sorted depends on the features with which its crate is built for the whole program, so they are sorted here. All
/// keys are ASCII; numbers are whole.
pub(crate) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<_> = map.iter().collect();
            pairs.sort_unstable_by_key(|(key, _)| *key);
            text.push('{');
            for (at, (key, value)) in pairs.into_iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => text.push_str(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_items_are_not_and_nothing_is_between_them() {
        let value = json!({ "b": [3, "x", { "d": null, "c": true }, []], "a": {} });
        assert_eq!(canonical(&value), r#"{"a":{},"b":[3,"x",{"c":true,"d":null},[]]}"#);
    }
}
