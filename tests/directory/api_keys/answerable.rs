//! The user to whom a secret was shown is responsible for it: it never allows more than that user may do.

use serde_json::{Value, json};

use super::{look_at, users};
use crate::support::{Account, Program, TestApp, User};

async fn grant(app: &TestApp, account: &Account, user: &User, permissions: &[&str]) {
    let path = account.path(&format!("/users/{}/permissions", user.id()));
    app.platform_admin().await.put(&path, json!({ "permissions": permissions })).await.ok(200);
}

fn draft(name: &str, permissions: &[&str]) -> Value {
    json!({ "name": name, "permissions": permissions })
}

/// An administrator who holds all that these stories need, beside another so that the first can go.
async fn admin(account: &Account) -> User {
    account.admin(&["user_permissions"]).await;
    account.admin(&["api_keys", "user_permissions", "account_settings"]).await
}

#[tokio::test]
async fn a_key_holds_no_more_than_its_creator_at_any_moment() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let (admin, root) = (admin(&account).await, app.platform_admin().await);
    let program = account.program_of(&admin, draft("Import", &["user_permissions", "account_settings"])).await;
    let policy = account.path("/two-factor-policy");
    program.get(&policy).await.ok(200);

    grant(&app, &account, &admin, &["api_keys", "user_permissions"]).await;
    assert_eq!(program.get(&policy).await.problem(403, "permission_required")["permission"], "account_settings");
    program.get(&users(&account)).await.ok(200);
    let key = look_at(&root, &program).await;
    assert_eq!(key["permissions"], json!(["account_settings", "user_permissions"]), "what it was given stays");
    assert_eq!(key["effective_permissions"], json!(["user_permissions"]));

    // Who no longer manages keys goes on answering for those that there are.
    grant(&app, &account, &admin, &["user_permissions", "account_settings"]).await;
    program.get(&policy).await.ok(200);
    grant(&app, &account, &admin, &[]).await;
    program.get(&users(&account)).await.problem(403, "permission_required");
    assert_eq!(look_at(&root, &program).await["effective_permissions"], json!([]));
}

#[tokio::test]
async fn with_a_role_that_its_creator_loses_a_key_loses_what_it_carried() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let admin = account.admin(&["api_keys"]).await;
    let role = json!({ "name": "Policies", "permissions": ["account_settings"] });
    let role = root.post(&account.path("/roles"), role).await.ok(201);
    let roles = account.path(&format!("/users/{}/roles", admin.id()));
    root.put(&roles, json!({ "role_ids": [role["id"]] })).await.ok(200);
    let program = account.program_of(&admin, draft("Policies", &["account_settings"])).await;
    program.get(&account.path("/two-factor-policy")).await.ok(200);
    root.delete(&account.path(&format!("/roles/{}", role["id"].as_str().unwrap()))).await.empty(204);
    program.get(&account.path("/two-factor-policy")).await.problem(403, "permission_required");
}

#[tokio::test]
async fn the_keys_of_somebody_who_is_disabled_sleep() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let (admin, root) = (admin(&account).await, app.platform_admin().await);
    let program = account.program_of(&admin, draft("Import", &["user_permissions"])).await;
    account.act_on(&admin, "disable").await.empty(204);
    program.get(&users(&account)).await.problem(401, "invalid_token");
    let key = look_at(&root, &program).await;
    assert_eq!((&key["status"], &key["effective_permissions"]), (&json!("dormant"), &json!([])));
    account.act_on(&admin, "enable").await.empty(204);
    program.get(&users(&account)).await.ok(200);
    assert_eq!(look_at(&root, &program).await["status"], "active");
}

#[tokio::test]
async fn the_secrets_of_somebody_who_is_deleted_are_gone_until_another_rotates_the_key() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let (admin, root) = (admin(&account).await, app.platform_admin().await);
    let program = account.program_of(&admin, draft("Import", &["user_permissions"])).await;
    root.delete(&account.path(&format!("/users/{}", admin.id()))).await.empty(204);
    program.get(&users(&account)).await.problem(401, "invalid_token");
    let key = look_at(&root, &program).await;
    assert_eq!((&key["status"], &key["secret"]), (&json!("dormant"), &json!(null)));

    let heir = account.admin(&["api_keys", "user_permissions"]).await;
    let inherited = program.with_body(heir.post(&program.path("/rotate"), json!({})).await.ok(200));
    assert_eq!(inherited.body["key"]["secret"]["user_id"], heir.id());
    inherited.get(&users(&account)).await.ok(200);
    program.get(&users(&account)).await.problem(401, "invalid_token");
}

#[tokio::test]
async fn each_secret_is_worth_what_those_are_who_know_it() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let (first, second) = (admin(&account).await, admin(&account).await);
    let old = account.program_of(&first, draft("Import", &["user_permissions"])).await;
    let new = old.with_body(second.post(&old.path("/rotate"), json!({})).await.ok(200));
    // The old secret works for a day more, but not for somebody who was dismissed.
    old.get(&users(&account)).await.ok(200);
    account.act_on(&first, "disable").await.empty(204);
    old.get(&users(&account)).await.problem(401, "invalid_token");
    new.get(&users(&account)).await.ok(200);
}

/// A key that `maker`'s program makes.
async fn made_by(maker: &Program, account: &Account, name: &str, permissions: &[&str]) -> Program {
    maker.with_body(maker.create(account, draft(name, permissions)).await.ok(201))
}

#[tokio::test]
async fn what_a_key_made_ends_with_it_and_shrinks_with_it() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let (admin, root) = (admin(&account).await, app.platform_admin().await);
    let given = ["api_keys", "user_permissions", "account_settings"];
    let maker = account.program_of(&admin, draft("maker", &given)).await;
    let made = made_by(&maker, &account, "made", &["user_permissions", "account_settings"]).await;
    assert_eq!(made.body["key"]["secret"]["user_id"], admin.id());
    assert_eq!(made.body["key"]["secret"]["shown_to_key_id"], maker.id.as_str());
    made.get(&account.path("/two-factor-policy")).await.ok(200);

    root.put(&maker.path(""), draft("maker", &["api_keys", "user_permissions"])).await.ok(200);
    made.get(&account.path("/two-factor-policy")).await.problem(403, "permission_required");
    made.get(&users(&account)).await.ok(200);
    assert_eq!(look_at(&root, &made).await["effective_permissions"], json!(["user_permissions"]));

    // Rotated away from its maker it lives on without it.
    let kept = made_by(&maker, &account, "kept", &["user_permissions"]).await;
    let kept = kept.with_body(root.post(&kept.path("/rotate"), json!({})).await.ok(200));
    root.delete(&maker.path("")).await.empty(204);
    made.get(&users(&account)).await.problem(401, "invalid_token");
    assert_eq!(look_at(&root, &made).await["status"], "dormant");
    kept.get(&users(&account)).await.ok(200);
}

#[tokio::test]
async fn what_a_key_made_ends_when_the_key_does() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let end = app.now() + chrono::TimeDelta::hours(1);
    let short = json!({ "name": "maker", "permissions": ["api_keys", "user_permissions"], "expires_at": end });
    let maker = account.program_of(&root, short).await;
    let mut draft = json!({ "name": "made", "permissions": ["user_permissions"], "expires_at": end });
    let made = maker.with_body(maker.create(&account, draft.clone()).await.ok(201));
    // Whatever its own end is, who made it knows its secret.
    draft["expires_at"] = json!(null);
    root.put(&made.path(""), draft).await.ok(200);
    app.wait(chrono::TimeDelta::hours(1));
    made.get(&users(&account)).await.problem(401, "invalid_token");
    assert_eq!(look_at(&root, &made).await["status"], "dormant");
}

#[tokio::test]
async fn a_key_that_was_made_by_a_key_makes_none() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let maker = account.program("maker", &["api_keys", "user_permissions"]).await;
    let made = made_by(&maker, &account, "made", &["api_keys", "user_permissions"]).await;
    let other = account.program("other", &["user_permissions"]).await;
    made.create(&account, draft("grandchild", &[])).await.problem(409, "conflict");
    made.post(&other.path("/rotate"), json!({})).await.problem(409, "conflict");
    // But it renews itself, and stays as bound as it was.
    let renewed = made.with_body(made.post(&made.path("/rotate"), json!({})).await.ok(200));
    assert_eq!(renewed.body["key"]["secret"]["shown_to_key_id"], maker.id.as_str());
    app.platform_admin().await.delete(&maker.path("")).await.empty(204);
    for program in [&made, &renewed] {
        program.get(&users(&account)).await.problem(401, "invalid_token");
    }
}

#[tokio::test]
async fn what_an_administrator_of_the_platform_made_in_an_account_ends_with_them() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let me = root.get("/v1/me").await.ok(200);
    let platform = me["user"]["account_id"].as_str().unwrap();
    let new = json!({ "username": "second", "permissions": ["platform_administration"] });
    let second = root.post(&format!("/v1/accounts/{platform}/users"), new).await.ok(201);
    let body = json!({ "code": second["activation"]["code"], "new_password": crate::support::PASSWORD });
    app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
    let by = User::new(app.client(), "platform", "second");
    let program = account.program_of(&by, draft("Import", &["user_permissions"])).await;
    assert_eq!(program.body["key"]["secret"]["account_id"], platform);
    program.get(&users(&account)).await.ok(200);
    let path = format!("/v1/accounts/{platform}/users/{}", second["user"]["id"].as_str().unwrap());
    root.put(&format!("{path}/permissions"), json!({ "permissions": [] })).await.ok(200);
    program.get(&users(&account)).await.problem(403, "permission_required");
    root.delete(&path).await.empty(204);
    program.get(&users(&account)).await.problem(401, "invalid_token");
}
