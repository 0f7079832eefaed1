//! The document is current, and every operation says what a client has to know.

use std::collections::BTreeSet;

use expect_test::expect_file;
use utoipa::openapi::{RefOr, path::Operation};

use super::{openapi, operations};

/// All operations with their names in messages.
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

#[test]
fn no_schema_is_put_together_by_all_of() {
    // The derive writes allOf where it cannot say something plainly, and not all that it writes can be fulfilled.
    assert!(!openapi().to_json().unwrap().contains("\"allOf\""));
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
        // Of several media types one has a schema to be read; the others are texts and pictures.
        let read = response.content.iter().filter(|(media_type, _)| media_type.ends_with("json")).count();
        assert!(read <= 1, "{name}");
    });
}
