//! An activation code allows no more than its issuer can grant: once the issuer could no longer issue it, it stops
//! working.

use serde_json::{Value, json};

use crate::support::{Account, PASSWORD, Reply, TestApp, User};

/// Somebody with these permissions who may leave: another one stays.
async fn leaver(account: &Account, permissions: &[&str]) -> User {
    account.admin(&["user_permissions"]).await;
    account.admin(permissions).await
}

/// Somebody new, and the code that `by` got for them.
async fn invite(by: &User, account: &Account, username: &str) -> Value {
    by.post(&account.path("/users"), json!({ "username": username })).await.ok(201)["activation"]["code"].clone()
}

async fn activate(app: &TestApp, code: &Value) -> Reply {
    app.call("POST", "/v1/activations").json(&json!({ "code": code, "new_password": PASSWORD })).send().await
}

#[tokio::test]
async fn the_codes_of_somebody_who_is_disabled_wait_for_them_to_be_enabled() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let leaver = leaver(&account, &["user_permissions"]).await;
    let code = invite(&leaver, &account, "accomplice").await;
    account.act_on(&leaver, "disable").await.empty(204);
    activate(&app, &code).await.problem(401, "invalid_code");
    account.act_on(&leaver, "enable").await.empty(204);
    activate(&app, &code).await.empty(204);
}

#[tokio::test]
async fn the_codes_of_somebody_who_is_deleted_are_void() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let leaver = leaver(&account, &["user_permissions"]).await;
    let code = invite(&leaver, &account, "accomplice").await;
    app.platform_admin().await.delete(&account.path(&format!("/users/{}", leaver.id()))).await.empty(204);
    activate(&app, &code).await.problem(401, "invalid_code");
}

#[tokio::test]
async fn the_codes_of_somebody_who_may_not_hand_them_out_any_more_open_nothing() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let leaver = leaver(&account, &["user_permissions"]).await;
    // Of somebody new, and of somebody who has a password.
    let code = invite(&leaver, &account, "accomplice").await;
    let vic = account.user("vic").await;
    let taken = leaver.act(&account.path(&format!("/users/{}/actions/send-activation", vic.id()))).await.ok(200);
    let permissions = account.path(&format!("/users/{}/permissions", leaver.id()));
    root.put(&permissions, json!({ "permissions": ["account_settings"] })).await.ok(200);
    for code in [&code, &taken["code"]] {
        activate(&app, code).await.problem(401, "invalid_code");
    }
    vic.sign_in().await;
}

#[tokio::test]
async fn the_codes_of_a_program_go_with_who_answers_for_it() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let leaver = leaver(&account, &["api_keys", "user_permissions"]).await;
    let draft = json!({ "name": "invites", "permissions": ["user_permissions"] });
    let program = account.program_of(&leaver, draft).await;
    let created = program.post(&account.path("/users"), json!({ "username": "accomplice" })).await.ok(201);
    account.act_on(&leaver, "disable").await.empty(204);
    activate(&app, &created["activation"]["code"]).await.problem(401, "invalid_code");
}

#[tokio::test]
async fn the_codes_of_who_stands_above_accounts_work_as_long_as_they_do() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let code = invite(&root, &account, "first").await;
    activate(&app, &code).await.empty(204);
}
