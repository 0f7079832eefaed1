//! Creates, changes and deletes roles.

use serde_json::{Value, json};

use super::role;
use crate::support::{TestApp, all_pages, in_parallel, statuses};

#[tokio::test]
async fn a_role_is_created_read_listed_replaced_and_deleted() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings"]).await;
    let draft = json!({ "name": " Support ", "description": "Helps.", "permissions": ["user_permissions"] });
    let created = admin.post(&account.path("/roles"), draft).await;
    let body = created.ok(201);
    let path = account.path(&format!("/roles/{}", body["id"].as_str().unwrap()));
    assert_eq!(created.header("location"), path);
    assert_eq!(body["name"], "Support");
    assert_eq!(body["permissions"], json!(["user_permissions"]));
    assert_eq!((&body["created_at"], &body["account_id"]), (&body["updated_at"], &json!(account.id)));
    let read = admin.get(&path).await;
    assert_eq!((read.ok(200), read.header("etag")), (body.clone(), created.header("etag")));

    app.wait(chrono::TimeDelta::milliseconds(1));
    role(&admin, &account, "Second", &[]).await;
    let roles = all_pages(&admin, &account.path("/roles"), 1).await;
    assert_eq!(roles.iter().map(|role| role["name"].as_str().unwrap()).collect::<Vec<_>>(), ["Support", "Second"]);

    app.wait(chrono::TimeDelta::minutes(1));
    let other = json!({ "name": "Help desk", "permissions": ["account_settings", "account_settings"] });
    let replaced = admin.put(&path, other).await;
    let body = replaced.ok(200);
    assert_eq!((&body["name"], &body["description"]), (&json!("Help desk"), &Value::Null));
    assert_eq!(body["permissions"], json!(["account_settings"]));
    assert_ne!(body["created_at"], body["updated_at"]);
    assert_ne!(replaced.header("etag"), created.header("etag"));

    admin.delete(&path).await.empty(204);
    admin.get(&path).await.problem(404, "not_found");
    admin.delete(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_name_is_unique_in_the_account_without_regard_to_case() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let admin = account.admin(&["user_permissions"]).await;
    let root = app.platform_admin().await;
    role(&admin, &account, "Support", &[]).await;
    role(&root, &other, "Support", &[]).await;
    let second = role(&admin, &account, "Second", &[]).await;
    let taken = json!({ "name": "SUPPORT", "permissions": [] });
    admin.post(&account.path("/roles"), taken.clone()).await.problem(409, "conflict");
    admin.put(&account.path(&format!("/roles/{second}")), taken).await.problem(409, "conflict");
    let session = admin.session().await;
    let replies = in_parallel(10, |_| {
        session.call("POST", &account.path("/roles")).json(&json!({ "name": "New", "permissions": [] })).send()
    })
    .await;
    assert_eq!(statuses(&replies), [("201".to_owned(), 1), ("409 conflict".to_owned(), 9)].into());
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let session = admin.session().await;
    let path = account.path(&format!("/roles/{}", role(&admin, &account, "Support", &[]).await));
    let tag = session.get(&path).await.header("etag").to_owned();
    let replies = in_parallel(2, |number| {
        let draft = json!({ "name": format!("Support {number}"), "permissions": [] });
        session.call("PUT", &path).header("if-match", &tag).json(&draft).send()
    })
    .await;
    assert_eq!(statuses(&replies), [("200".to_owned(), 1), ("412 precondition_failed".to_owned(), 1)].into());
    session.call("DELETE", &path).header("if-match", &tag).send().await.problem(412, "precondition_failed");
    let tag = session.get(&path).await.header("etag").to_owned();
    session.call("DELETE", &path).header("if-match", &tag).send().await.empty(204);
}

#[tokio::test]
async fn what_is_no_role_is_refused() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    for (draft, errors) in [
        (json!({ "name": " ", "permissions": [] }), &[("/name", "invalid")][..]),
        (json!({ "name": "a\u{200b}b", "permissions": [] }), &[("/name", "invalid")]),
        (json!({ "name": "x".repeat(101), "permissions": [] }), &[("/name", "invalid")]),
        (json!({ "name": "a", "permissions": ["root"] }), &[("/permissions/0", "unknown_permission")]),
        (json!({ "name": "a", "permissions": ["crm.invoices.approve"] }), &[("/permissions", "unknown_permission")]),
        (json!({ "name": "a" }), &[("/permissions", "required")]),
    ] {
        let problem = admin.post(&account.path("/roles"), draft).await.problem(422, "validation_failed");
        assert_eq!(problem.errors(), errors);
    }
    let unknown = json!({ "name": "a", "permissions": [], "permission": [] });
    admin.post(&account.path("/roles"), unknown).await.problem(400, "malformed_request");
}
