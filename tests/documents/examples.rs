//! Every example and default of the document is valid under its schema.

use serde_json::Value;

use super::json_schema::faults;
use crate::support::TestApp;

/// Where a value stands that a schema is to fit: the place, the schema, the value.
type Claim<'a> = (String, &'a Value, &'a Value);

/// The keys under which such values stand.
const KEYS: [&str; 3] = ["example", "examples", "default"];

/// Examples and defaults of a schema and of all within.
fn of_schema<'a>(at: &str, schema: &'a Value, claims: &mut Vec<Claim<'a>>) {
    let own = ["example", "default"].into_iter().filter_map(|key| Some((key.to_owned(), schema.get(key)?)));
    let many = schema.get("examples").and_then(Value::as_array).into_iter().flatten();
    let many = many.enumerate().map(|(index, value)| (format!("examples/{index}"), value));
    claims.extend(own.chain(many).map(|(key, value)| (format!("{at}/{key}"), schema, value)));
    for key in ["items", "additionalProperties", "propertyNames"] {
        if let Some(inner) = schema.get(key).filter(|inner| inner.is_object()) {
            of_schema(&format!("{at}/{key}"), inner, claims);
        }
    }
    for (name, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        of_schema(&format!("{at}/properties/{name}"), inner, claims);
    }
    for key in ["oneOf", "anyOf"] {
        for (index, inner) in schema.get(key).and_then(Value::as_array).into_iter().flatten().enumerate() {
            of_schema(&format!("{at}/{key}/{index}"), inner, claims);
        }
    }
}

/// The same of all else: parameters, headers, bodies and replies have a schema, and examples beside it.
fn of_rest<'a>(document: &'a Value, at: &str, value: &'a Value, claims: &mut Vec<Claim<'a>>) {
    if let Some(schema) = value.get("schema") {
        of_schema(&format!("{at}/schema"), schema, claims);
        if let Some(example) = value.get("example") {
            claims.push((format!("{at}/example"), schema, example));
        }
        for (name, example) in value.get("examples").and_then(Value::as_object).into_iter().flatten() {
            let shared = example.get("$ref").map(|path| document.pointer(&path.as_str().unwrap()[1..]).unwrap());
            claims.push((format!("{at}/examples/{name}"), schema, &shared.unwrap_or(example)["value"]));
        }
    }
    let within: Vec<(String, &Value)> = match value {
        Value::Object(object) => object
            .iter()
            .filter(|(key, _)| *key != "schema" && !KEYS.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(array) => array.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => return,
    };
    for (key, value) in within {
        of_rest(document, &format!("{at}/{key}"), value, claims);
    }
}

fn claims(document: &Value) -> Vec<Claim<'_>> {
    let mut claims = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        of_schema(&format!("/components/schemas/{name}"), schema, &mut claims);
    }
    for part in ["responses", "headers", "parameters", "requestBodies"] {
        if let Some(value) = document["components"].get(part) {
            of_rest(document, &format!("/components/{part}"), value, &mut claims);
        }
    }
    of_rest(document, "/paths", &document["paths"], &mut claims);
    claims
}

/// How often one of the keys stands in the document, found without knowing where schemas are.
fn keys_within(value: &Value, names: bool) -> usize {
    match value {
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| match key.as_str() {
                key if !names && KEYS.contains(&key) => match value {
                    // Several, but in `examples` of a schema, which is a list.
                    Value::Array(values) if key == "examples" => values.len(),
                    Value::Object(values) if key == "examples" => values.len(),
                    _ => 1,
                },
                key => keys_within(value, !names && matches!(key, "properties" | "schemas")),
            })
            .sum(),
        Value::Array(values) => values.iter().map(|value| keys_within(value, false)).sum(),
        _ => 0,
    }
}

#[tokio::test]
async fn every_example_and_every_default_fits_its_schema() {
    let app = TestApp::start().await;
    let document = app.call("GET", "/openapi.json").send().await.ok(200);
    let claims = claims(&document);
    let wrong: Vec<String> = claims
        .iter()
        .flat_map(|(at, schema, value)| {
            faults(&document, schema, value).into_iter().map(move |why| format!("{at} {why}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // None is left out, wherever it stands.
    let mut rest = document.clone();
    rest["components"].as_object_mut().unwrap().remove("examples");
    assert_eq!(claims.len(), keys_within(&rest, false));
    assert!(claims.len() > 400, "{}", claims.len());
}

#[tokio::test]
async fn an_example_of_an_array_is_an_array() {
    let app = TestApp::start().await;
    let document = app.call("GET", "/openapi.json").send().await.ok(200);
    let of_arrays = claims(&document).into_iter().filter(|(_, schema, _)| schema["type"] == "array").count();
    assert!(of_arrays > 30, "{of_arrays}");
    for (at, _, value) in claims(&document) {
        let nested = value.as_array().is_some_and(|items| items.iter().any(Value::is_array));
        assert!(!nested, "{at}: {value}");
    }
}

#[tokio::test]
async fn every_request_body_has_an_example() {
    let app = TestApp::start().await;
    let document = app.call("GET", "/openapi.json").send().await.ok(200);
    let mut bodies = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values().filter(|operation| operation.get("requestBody").is_some()) {
            for (media_type, content) in operation["requestBody"]["content"].as_object().unwrap() {
                assert!(content.get("example").is_some(), "{path} {media_type}");
                bodies += 1;
            }
        }
    }
    assert!(bodies > 30, "{bodies}");
}
