//! Invalid keys are rejected, field by field, and nothing changes.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, all_pages};

#[tokio::test]
async fn every_bad_field_is_named_and_nothing_is_created() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let path = account.path("/api-keys");
    let good = json!({ "name": "Import", "permissions": ["user_permissions"] });
    for (field, value, pointer) in [
        ("name", json!(""), "/name"),
        ("name", json!(" "), "/name"),
        ("name", json!("x".repeat(101)), "/name"),
        ("name", json!("a\u{202e}b"), "/name"),
        ("description", json!("x".repeat(501)), "/description"),
        ("permissions", json!(["user_permission"]), "/permissions/0"),
        ("permissions", json!(["crm.invoices.approve"]), "/permissions"),
        ("permissions", json!(["platform_administration"]), "/permissions"),
        ("networks", json!(["203.0.113.0/24", "here"]), "/networks/1"),
        ("networks", json!(["203.0.113.7/24"]), "/networks/0"),
        ("networks", json!(["::ffff:203.0.113.0/120"]), "/networks/0"),
        ("networks", json!(vec!["203.0.113.0/24"; 51]), "/networks"),
        ("expires_at", json!(app.now()), "/expires_at"),
        ("expires_at", json!(app.now() - TimeDelta::days(1)), "/expires_at"),
    ] {
        let mut draft = good.clone();
        draft[field] = value;
        let problem = root.post(&path, draft.clone()).await.problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{draft}: {problem:?}");
    }
    for (field, value) in [("permission", json!([])), ("secret", json!("lk_key_")), ("id", json!("x"))] {
        let mut draft = good.clone();
        draft[field] = value;
        root.post(&path, draft).await.problem(400, "malformed_request");
    }
    assert_eq!(all_pages(&root, &path, 10).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_rotation_has_bounds() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let program = account.program("Import", &["user_permissions"]).await;
    let rotate = program.path("/rotate");
    let problem = root.post(&rotate, json!({ "overlap_seconds": 604_801 })).await.problem(422, "validation_failed");
    assert_eq!(problem["errors"][0]["pointer"], "/overlap_seconds");
    for bad in [json!({ "overlap_seconds": -1 }), json!({ "overlap_seconds": 1.5 }), json!({ "overlap_seconds": "0" })]
    {
        root.post(&rotate, bad).await.problem(422, "validation_failed");
    }
    root.post(&rotate, json!({ "overlap": 0 })).await.problem(400, "malformed_request");
    let key = root.get(&program.path("")).await.ok(200);
    assert_eq!(key, program.body["key"]);
    program.get(&account.path("/users")).await.ok(200);
    for missing in ["01997f63-0c5d-7b12-8e4f-5a6b7c8d9e0f", "x"] {
        let path = account.path(&format!("/api-keys/{missing}"));
        root.get(&path).await.problem(404, "not_found");
        root.put(&path, json!({ "name": "x", "permissions": [] })).await.problem(404, "not_found");
        root.post(&format!("{path}/rotate"), json!({})).await.problem(404, "not_found");
        root.delete(&path).await.problem(404, "not_found");
    }
}
