//! The OpenAPI document.

use serde_json::{Value, json};

use crate::support::TestApp;

/// The document in the repository.
const COMMITTED: &str = include_str!("../../openapi.yaml");

/// The lines of a YAML document without its `servers`, which are each service's own.
fn without_servers(yaml: &str) -> Vec<&str> {
    let mut in_servers = false;
    let outside = |line: &&str| {
        if !line.starts_with([' ', '-']) {
            in_servers = line.starts_with("servers:");
        }
        !in_servers
    };
    yaml.lines().filter(outside).collect()
}

#[tokio::test]
async fn what_is_served_is_what_is_committed() {
    let app = TestApp::start().await;
    let reply = app.call("GET", "/openapi.yaml").send().await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/yaml"));
    assert_eq!(without_servers(reply.text()), without_servers(COMMITTED));
    assert!(without_servers(COMMITTED).len() > 1_000);
}

#[tokio::test]
async fn both_forms_say_the_same_and_name_this_service() {
    let app = TestApp::start().await;
    let json = app.call("GET", "/openapi.json").send().await.ok(200);
    assert_eq!(json["openapi"], "3.1.0");
    assert_eq!(json["servers"][0]["url"], "https://id.example.org");
    let yaml = app.call("GET", "/openapi.yaml").send().await;
    for (path, item) in json["paths"].as_object().unwrap() {
        assert!(yaml.text().contains(&format!("\n  {path}:\n")), "{path}");
        for operation in item.as_object().unwrap().values().filter_map(|operation| operation["operationId"].as_str()) {
            assert!(yaml.text().contains(&format!("operationId: {operation}\n")), "{operation}");
        }
    }
}

/// Each operation of the document: its method, its path with ids of nothing, and what the document says of it.
async fn operations(app: &TestApp) -> Vec<(String, String, Value)> {
    let document = app.call("GET", "/openapi.json").send().await.ok(200);
    let nobody = "01890a5d-ac96-774b-bcce-b302099a8057";
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path: Vec<_> = path.split('/').map(|part| if part.starts_with('{') { nobody } else { part }).collect();
        let path = path.join("/");
        assert!(!path.contains('{'), "{path}");
        for (method, operation) in item.as_object().unwrap() {
            operations.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    assert!(operations.len() > 80, "{}", operations.len());
    operations
}

#[tokio::test]
async fn every_documented_operation_is_there() {
    let app = TestApp::start().await;
    for (method, path, operation) in operations(&app).await {
        let reply = app.call(&method, &path).send().await;
        let documented = &operation["responses"][reply.status.to_string()];
        assert!(documented.is_object(), "not documented: {reply:?}");
        assert!(!matches!(reply.status, 404 | 405), "{reply:?}");
        let public = operation["security"] == json!([]);
        assert!(public || reply.status == 401, "without a credential: {reply:?}");
    }
}

#[tokio::test]
async fn two_credentials_are_malformed_wherever_one_is_taken() {
    let app = TestApp::start().await;
    for (method, path, operation) in operations(&app).await {
        let call = app.call(&method, &path).header("authorization", "Bearer one").header("authorization", "Bearer two");
        let reply = call.send().await;
        if operation["security"] == json!([]) {
            assert_ne!(reply.status, 401, "{reply:?}");
        } else {
            reply.problem(400, "malformed_request");
        }
    }
}
