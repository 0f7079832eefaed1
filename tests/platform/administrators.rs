//! Administrators of the platform are managed like all other users.

use serde_json::json;

use crate::support::{PASSWORD, TestApp, User};

#[tokio::test]
async fn they_are_created_read_changed_disabled_and_deleted_like_all_other_users() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let me = root.get("/v1/me").await.ok(200);
    let users = format!("/v1/accounts/{}/users", me["account"]["id"].as_str().unwrap());
    let new = json!({ "username": "second", "permissions": ["platform_administration"] });
    let created = root.post(&users, new).await.ok(201);
    let second = User::new(app.client(), "platform", "second");
    second.activate(created["activation"]["code"].as_str().unwrap()).await.empty(204);
    let path = format!("{users}/{}", created["user"]["id"].as_str().unwrap());
    second.get("/v1/accounts").await.ok(200);
    assert_eq!(root.get(&path).await.ok(200)["two_factor"]["status"], "enrolled");
    root.patch(&path, json!({ "display_name": "Second" })).await.ok(200);
    assert_eq!(root.get(&users).await.ok(200)["items"].as_array().unwrap().len(), 2);

    root.act(&format!("{path}/actions/disable")).await.empty(204);
    second.try_password(PASSWORD).await.problem(401, "invalid_credentials");
    root.act(&format!("{path}/actions/enable")).await.empty(204);
    root.put(&format!("{path}/permissions"), json!({ "permissions": [] })).await.ok(200);
    app.wait_for_next_code();
    second.sign_in().await.get("/v1/accounts").await.problem(403, "permission_required");
    root.delete(&path).await.empty(204);
    second.try_password(PASSWORD).await.problem(401, "invalid_credentials");
}

#[tokio::test]
async fn the_last_one_stays_whatever_is_tried() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let me = root.get("/v1/me").await.ok(200);
    let home = format!("/v1/accounts/{}", me["account"]["id"].as_str().unwrap());
    let own = format!("{home}/users/{}", me["user"]["id"].as_str().unwrap());
    // One who has not set a password yet cannot take over.
    let invited = json!({ "username": "invited", "permissions": ["platform_administration"] });
    root.post(&format!("{home}/users"), invited).await.ok(201);
    root.act(&format!("{home}/actions/suspend")).await.problem(409, "conflict");
    root.delete(&home).await.problem(409, "conflict");
    root.act(&format!("{own}/actions/disable")).await.problem(409, "conflict");
    root.put(&format!("{own}/permissions"), json!({ "permissions": [] })).await.problem(409, "conflict");
    root.delete(&own).await.problem(409, "conflict");
    root.get("/v1/accounts").await.ok(200);
}
