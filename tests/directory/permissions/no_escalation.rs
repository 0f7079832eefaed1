//! Nobody grants what they do not hold.

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn what_one_does_not_hold_one_cannot_grant() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user_with("ann", &["password_management"]).await;
    let cat = account.user("cat").await;
    for user in [&cat, &admin] {
        let path = account.path(&format!("/users/{}/permissions", user.id()));
        let wanted = json!({ "permissions": ["user_permissions", "account_settings"] });
        let problem = admin.put(&path, wanted).await.problem(403, "permission_required");
        assert_eq!(problem["permission"], "account_settings");
    }
    let new = json!({ "username": "bob", "permissions": ["account_settings"] });
    let problem = admin.post(&account.path("/users"), new).await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "account_settings");
    assert_eq!(account.look_at(&cat).await["permissions"], json!([]));
    assert_eq!(admin.get(&account.path("/users")).await.ok(200)["items"].as_array().unwrap().len(), 3);

    // Nor can what one holds be given to somebody who holds more.
    let path = account.path(&format!("/users/{}/permissions", ann.id()));
    let more = json!({ "permissions": ["password_management", "user_permissions"] });
    let problem = admin.put(&path, more).await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "password_management");
    assert_eq!(account.look_at(&ann).await["permissions"], json!(["password_management"]));
}

#[tokio::test]
async fn the_platform_is_administered_from_its_own_account_only() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let admin = account.admin(&["user_permissions"]).await;
    let wanted = json!({ "permissions": ["user_permissions", "platform_administration"] });
    for by in [&root, &admin] {
        let path = account.path(&format!("/users/{}/permissions", admin.id()));
        let reply = by.put(&path, wanted.clone()).await;
        assert_eq!(reply.problem(422, "validation_failed").errors(), [("/permissions", "platform_only")]);
        let new = json!({ "username": "bob", "permissions": ["platform_administration"] });
        let reply = by.post(&account.path("/users"), new).await;
        assert_eq!(reply.problem(422, "validation_failed").errors(), [("/permissions", "platform_only")]);
    }
    admin.get("/v1/accounts").await.problem(403, "permission_required");

    // In the platform's account, by somebody who holds it.
    let platform = root.get("/v1/me").await.ok(200)["user"]["account_id"].as_str().unwrap().to_owned();
    let new = json!({ "username": "second", "permissions": ["platform_administration"] });
    let path = format!("/v1/accounts/{platform}/users");
    assert_eq!(root.post(&path, new).await.ok(201)["user"]["permissions"], json!(["platform_administration"]));
    let new = json!({ "username": "third", "permissions": ["user_permissions"] });
    root.post(&path, new).await.ok(201);
}

#[tokio::test]
async fn an_administrator_of_users_in_the_platform_account_stays_below_the_platform() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let platform = root.get("/v1/me").await.ok(200)["user"]["account_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/accounts/{platform}/users");
    let created = root.post(&path, json!({ "username": "clerk", "permissions": ["user_permissions"] })).await.ok(201);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let (id, code) = (text(&created["user"]["id"]), text(&created["activation"]["code"]));
    let clerk = crate::support::User::created(app.client(), "platform", "clerk", &id, &code);
    clerk.activate(&code).await.empty(204);
    let own = json!({ "permissions": ["user_permissions", "platform_administration"] });
    let problem = clerk.put(&format!("{path}/{id}/permissions"), own).await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "platform_administration");
    let root_id = text(&root.get("/v1/me").await.ok(200)["user"]["id"]);
    let send = format!("{path}/{root_id}/actions/send-activation");
    clerk.act(&send).await.problem(403, "permission_required");
    clerk.get(&account.path("/users")).await.problem(404, "not_found");
    clerk.get("/v1/accounts").await.problem(403, "permission_required");
}
