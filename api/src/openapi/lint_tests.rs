//! Checks that the document is current, and that every operation says what a client must know.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::expect_file;
use permissions::Permission;
use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, path::Operation};

use super::{openapi, operations};

/// All operations, with their names for messages.
fn each(mut check: impl FnMut(&str, &Operation)) {
    for (path, item) in &openapi().paths.paths {
        for (method, operation) in operations(item) {
            check(&format!("{method} {path}"), operation);
        }
    }
}

#[test]
fn openapi_yaml_is_current() {
    expect_file!["../../../openapi.yaml"].assert_eq(&openapi().to_yaml().unwrap());
}

#[test]
fn operation_ids_are_unique_verbs_with_a_resource() {
    let mut seen = BTreeSet::new();
    each(|name, operation| {
        let id = operation.operation_id.as_deref().unwrap();
        assert!(id.chars().all(|letter| letter.is_ascii_alphanumeric()), "{name}: {id}");
        assert!(id.chars().next().unwrap().is_ascii_lowercase(), "{name}: {id}");
        assert!(id.chars().any(|letter| letter.is_ascii_uppercase()) || id == "logout", "{name}: {id}");
        assert!(seen.insert(id.to_owned()), "{name}: {id} is there twice");
    });
}

/// Absent is not null: headers, paths and queries have no such value, and some clients would send the word.
#[test]
fn no_parameter_is_nullable_and_every_one_is_described() {
    each(|name, operation| {
        for parameter in operation.parameters.iter().flatten() {
            let RefOr::T(parameter) = parameter else { continue };
            let schema = serde_json::to_value(&parameter.schema).unwrap();
            assert!(!schema["type"].as_array().is_some_and(|types| types.contains(&json!("null"))), "{name}: {schema}");
            assert!(parameter.description.is_some(), "{name}: {} is not described", parameter.name);
        }
    });
}

#[test]
fn every_operation_is_described_and_has_one_known_tag() {
    let document = openapi();
    let tags: Vec<_> = document.tags.iter().flatten().map(|tag| tag.name.clone()).collect();
    each(|name, operation| {
        let own = operation.tags.as_deref().unwrap();
        assert_eq!(own.len(), 1, "{name}");
        assert!(tags.contains(&own[0]), "{name}: {} has no description", own[0]);
        let summary = operation.summary.as_deref().unwrap();
        assert!(!summary.is_empty() && summary.len() <= 80 && !summary.ends_with('.'), "{name}: {summary}");
        assert!(operation.description.as_ref().is_some_and(|text| !text.trim().is_empty()), "{name}");
        assert!(operation.security.is_some(), "{name} does not say which credential it takes");
    });
}

#[test]
fn every_reply_is_described_and_errors_are_problems_with_examples() {
    let components = openapi().components.unwrap();
    each(|name, operation| {
        assert!(operation.responses.responses.keys().any(|status| status.starts_with('2')), "{name}");
        for (status, response) in &operation.responses.responses {
            let shared = match response {
                RefOr::Ref(shared) => &components.responses[shared.ref_location.rsplit('/').next().unwrap()],
                own @ RefOr::T(_) => own,
            };
            let RefOr::T(response) = shared else { panic!("{name} {status}") };
            assert!(!response.description.is_empty(), "{name} {status}");
            if status.starts_with('4') || status.starts_with('5') {
                let media: Vec<_> = response.content.keys().collect();
                assert_eq!(media, ["application/problem+json"], "{name} {status}");
                let RefOr::T(content) = &response.content["application/problem+json"] else { panic!("{name}") };
                assert!(!content.examples.is_empty(), "{name} {status}");
                for code in content.examples.keys() {
                    assert!(components.examples.contains_key(code), "{name} {status}: {code}");
                }
            }
        }
    });
}

#[test]
fn a_credential_means_that_it_can_be_refused() {
    each(|name, operation| {
        let needs_one = serde_json::to_value(&operation.security).unwrap() != serde_json::json!([]);
        assert!(operation.responses.responses.contains_key("401") || !needs_one, "{name}");
    });
}

/// The codes of the error replies of an operation. A shared reply is named after its codes.
fn codes_of(operation: &Operation) -> BTreeSet<&str> {
    let names = operation.responses.responses.values().filter_map(|reply| match reply {
        RefOr::Ref(shared) => shared.ref_location.rsplit('/').next(),
        RefOr::T(_) => None,
    });
    names.flat_map(|name| name.split('.')).collect()
}

#[test]
fn an_operation_that_requires_a_permission_names_it_in_its_last_sentence() {
    let mut guarded = 0;
    each(|name, operation| {
        let codes = codes_of(operation);
        let description = operation.description.as_deref().unwrap();
        let (own, last) = description.rsplit_once("\n\n").unwrap_or(("", description));
        assert!(!own.contains("Requires `"), "{name} says it itself: {own}");
        let permission = last.strip_prefix("Requires `").and_then(|rest| rest.split('`').next());
        assert_eq!(permission.is_some(), codes.contains("permission_required"), "{name}: {last}");
        let Some(permission) = permission else { return };
        assert!(permission.parse::<Permission>().is_ok_and(|permission| permission.is_ours()), "{name}: {last}");
        let is_recent = last.ends_with(" a recent sign-in.");
        assert_eq!(is_recent, codes.contains("reauthentication_required"), "{name}: {last}");
        assert!(last.ends_with('.') && !last.contains('\n'), "{name}: {last}");
        guarded += 1;
    });
    assert!(guarded > 60, "{guarded}");
}

#[test]
fn the_credential_of_an_operation_decides_how_its_absence_is_answered() {
    each(|name, operation| {
        let codes = codes_of(operation);
        let schemes = serde_json::to_value(&operation.security).unwrap();
        let takes = |scheme: &str| schemes.as_array().unwrap().contains(&json!({ scheme: [] }));
        assert_eq!(takes("challengeToken"), codes.contains("challenge_invalid"), "{name}");
        assert_eq!(takes("accessToken") && !takes("apiKey"), codes.contains("session_required"), "{name}");
        assert!(!takes("accessToken") || codes.contains("invalid_token"), "{name}");
        assert!(takes("accessToken") || !takes("apiKey"), "{name}");
    });
}

#[test]
fn nothing_is_left_of_how_the_document_was_made() {
    let text = openapi().to_json().unwrap();
    assert!(!text.contains("x-asked") && !text.contains("x-optional"));
}

#[test]
fn no_schema_is_put_together_by_all_of() {
    // The derive writes allOf where it cannot express something plainly, and some of that can never be valid.
    assert!(!openapi().to_json().unwrap().contains("\"allOf\""));
}

/// All schemas and nested schemas, with the place of each for messages.
fn each_schema(mut check: impl FnMut(&str, &Map<String, Value>)) {
    fn walk(place: &str, value: &Value, check: &mut impl FnMut(&str, &Map<String, Value>)) {
        match value {
            Value::Object(object) => {
                check(place, object);
                // Values of these are not schemas, whatever they look like.
                for (name, inner) in object.iter().filter(|(name, _)| !["example", "examples"].contains(&name.as_str()))
                {
                    walk(&format!("{place}/{name}"), inner, check);
                }
            }
            Value::Array(values) => {
                for (at, inner) in values.iter().enumerate() {
                    walk(&format!("{place}/{at}"), inner, check);
                }
            }
            _ => {}
        }
    }
    walk("", &serde_json::to_value(openapi()).unwrap(), &mut check);
}

#[test]
fn the_only_choice_is_between_a_schema_and_null() {
    let mut nullable = 0;
    each_schema(|place, schema| {
        if place.ends_with("/properties") {
            return;
        }
        assert!(!schema.contains_key("anyOf") && !schema.contains_key("discriminator"), "{place}");
        let Some(Value::Array(choices)) = schema.get("oneOf") else { return };
        let [choice, null] = choices.as_slice() else { panic!("{place}: generators disagree about such choices") };
        assert_eq!(null, &json!({ "type": "null" }), "{place}");
        let words: Vec<_> = choice.as_object().unwrap().keys().collect();
        assert_eq!(words, ["$ref"], "{place}: nothing beside a reference");
        assert!(schema.contains_key("description"), "{place}: what it is");
        nullable += 1;
    });
    assert!(nullable > 3, "{nullable}");
}

#[test]
fn a_login_result_has_the_members_of_both_and_requires_none_but_status() {
    let document = serde_json::to_value(openapi()).unwrap();
    let schemas = &document["components"]["schemas"];
    let result = &schemas["LoginResult"];
    assert_eq!((&result["type"], &result["required"]), (&json!("object"), &json!(["status"])));
    let names = |schema: &Value| schema["properties"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let (authenticated, challenge) = (names(&schemas["Authenticated"]), names(&schemas["LoginChallenge"]));
    assert_eq!(names(result), authenticated.union(&challenge).cloned().collect());
    for (value, members) in [("authenticated", &authenticated), ("challenge", &challenge)] {
        for member in members.iter().filter(|member| *member != "status") {
            let text = result["properties"][member]["description"].as_str().unwrap();
            assert!(text.starts_with(&format!("Only with `{value}`.")), "{member}: {text}");
        }
        assert!(result["properties"]["status"]["description"].as_str().unwrap().contains(&format!("`{value}`")));
    }
}

#[test]
fn words_stand_beside_a_reference_of_a_member_alone() {
    each_schema(|place, schema| {
        if schema.contains_key("$ref") {
            let beside: Vec<_> =
                schema.keys().filter(|key| !["$ref", "description", "default"].contains(&key.as_str())).collect();
            assert!(beside.is_empty(), "{place}: {beside:?}");
            let is_member = place.rsplit('/').nth(1) == Some("properties");
            assert!(is_member || schema.len() == 1, "{place}: {schema:?}");
        }
    });
}

#[test]
fn no_enum_has_one_value_alone_and_no_schema_is_a_constant() {
    each_schema(|place, schema| {
        if place.ends_with("/properties") {
            return;
        }
        assert!(!schema.contains_key("const"), "{place}: a type of its own in most clients; write a plain text");
        if let Some(Value::Array(values)) = schema.get("enum") {
            assert!(values.len() > 1, "{place}: a type of its own in most clients; write a plain text");
        }
    });
}

#[test]
fn no_two_named_enums_share_a_value() {
    // In Go, all their values are constants of one package.
    let document = serde_json::to_value(openapi()).unwrap();
    let mut seen = BTreeMap::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for value in schema["enum"].as_array().into_iter().flatten() {
            // Generators use only letters and digits in names, and many only one case.
            let constant: String = value.as_str().unwrap().chars().filter(char::is_ascii_alphanumeric).collect();
            let other = seen.insert(constant.to_lowercase(), name.clone());
            assert_eq!(other, None, "{name} has {value} too: let one of them stand inline where it is used");
        }
    }
    assert!(seen.len() > 10, "{seen:?}");
}

#[test]
fn no_two_schemas_have_names_that_differ_by_case_alone() {
    // Some generators create a file for each, and some file systems do not distinguish these.
    let components = openapi().components.unwrap();
    let names: BTreeSet<_> = components.schemas.keys().map(|name| name.to_lowercase()).collect();
    assert_eq!(names.len(), components.schemas.len());
}

#[test]
fn no_schema_has_the_name_of_what_go_makes_of_another() {
    let components = openapi().components.unwrap();
    for name in components.schemas.keys() {
        for prefix in ["New", "Nullable"] {
            let other = name.strip_prefix(prefix).unwrap_or_default();
            assert!(!components.schemas.contains_key(other), "{name} is what makes {other} in Go");
        }
    }
}

#[test]
fn what_is_no_json_comes_as_bytes_from_an_operation_of_its_own() {
    // A generated client reads the first format. Each other format has its own operation, or is also in the JSON.
    let in_the_json = ["getTotpEnrollment"];
    let mut alone = BTreeSet::new();
    let mut beside = BTreeMap::new();
    each(|name, operation| {
        let id = operation.operation_id.clone().unwrap();
        for response in operation.responses.responses.values() {
            let RefOr::T(response) = response else { continue };
            let forms: Vec<_> = response.content.keys().map(String::as_str).collect();
            match forms.as_slice() {
                [] | ["application/json" | "application/problem+json"] => {}
                ["application/json", others @ ..] if !in_the_json.contains(&id.as_str()) => {
                    beside.insert(id.trim_start_matches("get").to_owned(), others.len());
                }
                ["application/json", ..] => {}
                [form] => {
                    let RefOr::T(content) = &response.content[*form] else { panic!("{name}") };
                    let schema = serde_json::to_value(&content.schema).unwrap();
                    assert_eq!((&schema["type"], &schema["format"]), (&"string".into(), &"binary".into()), "{name}");
                    alone.insert(id.clone());
                }
                _ => panic!("{name}: {forms:?}"),
            }
        }
    });
    for (report, others) in beside {
        let name = report.trim_end_matches("Report");
        let own = alone.iter().filter(|id| id.contains(name)).count();
        assert_eq!(own, others, "{report}: {alone:?}");
    }
}

#[test]
fn replies_may_grow_and_requests_may_not() {
    // A closed schema of a reply would make each later member an error. For a request it is correct: unknown members
    // are rejected.
    let document = serde_json::to_value(openapi()).unwrap();
    assert!(document["info"]["description"].as_str().unwrap().contains("disallowAdditionalPropertiesIfNotPresent"));
    let schemas = &document["components"]["schemas"];
    let reach = |begin: &dyn Fn(&Value) -> Vec<Value>| {
        let mut names = BTreeSet::new();
        let mut rest: Vec<Value> = document["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .filter(|operation| operation.is_object())
            .flat_map(begin)
            .collect();
        while let Some(value) = rest.pop() {
            match value {
                Value::Object(object) => {
                    if let Some(name) =
                        object.get("$ref").and_then(|to| to.as_str()?.strip_prefix("#/components/schemas/"))
                        && names.insert(name.to_owned())
                    {
                        rest.push(schemas[name].clone());
                    }
                    rest.extend(object.into_values());
                }
                Value::Array(values) => rest.extend(values),
                _ => {}
            }
        }
        names
    };
    let asked = reach(&|operation| vec![operation["requestBody"].clone()]);
    let answered = reach(&|operation| vec![operation["responses"].clone()]);
    assert!(asked.len() > 20 && answered.len() > 60, "{asked:?} {answered:?}");
    for name in asked.iter().filter(|name| schemas[*name]["type"] == "object") {
        assert_eq!(schemas[name]["additionalProperties"], false, "{name}");
    }
    for name in &answered {
        assert_ne!(schemas[name]["additionalProperties"], false, "{name}");
    }
}

#[test]
fn an_operation_has_one_way_to_succeed() {
    // Of several, generated clients read only one, or read each as the other.
    each(|name, operation| {
        let is_no_error = |status: &&String| !status.starts_with(['4', '5']);
        let statuses: Vec<_> = operation.responses.responses.keys().filter(is_no_error).collect();
        assert_eq!(statuses.len(), 1, "{name}: {statuses:?}");
        assert!(statuses[0].starts_with('2') && statuses[0].parse::<u16>().is_ok(), "{name}: {statuses:?}");
        let RefOr::T(response) = &operation.responses.responses[statuses[0]] else { panic!("{name}") };
        // Of several media types one has a schema to parse; the others are texts and images.
        let read = response.content.iter().filter(|(media_type, _)| media_type.ends_with("json")).count();
        assert!(read <= 1, "{name}");
    });
}
