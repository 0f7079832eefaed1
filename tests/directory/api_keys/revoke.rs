//! Revokes an API key, which stops working.

use serde_json::json;

use super::users;
use crate::support::{
    TestApp,
    raw::{Raw, statuses_in},
};

#[tokio::test]
async fn a_revoked_key_is_refused_at_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let program = account.program("Import", &["user_permissions"]).await;
    program.get(&users(&account)).await.ok(200);
    root.delete(&program.path("")).await.empty(204);
    program.get(&users(&account)).await.problem(401, "invalid_token");
    root.get(&program.path("")).await.problem(404, "not_found");
    root.delete(&program.path("")).await.problem(404, "not_found");
    // Its name is free again.
    account.program("Import", &[]).await;
}

#[tokio::test]
async fn a_key_can_take_itself_out_of_the_world() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let program = account.program("Import", &["api_keys"]).await;
    program.delete(&program.path("")).await.empty(204);
    program.get(&program.path("")).await.problem(401, "invalid_token");
}

/// Begins a request with a body and ends it after `meanwhile`.
async fn slowly(app: &TestApp, secret: &str, path: &str, meanwhile: impl Future<Output = ()>) -> (u16, String) {
    let body = json!({ "username": "shadow" }).to_string();
    let (first, rest) = body.split_at(1);
    let mut raw = Raw::connect(app.address());
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{first}",
        body.len()
    );
    assert!(raw.send(head));
    meanwhile.await;
    raw.send(rest);
    let text = raw.rest();
    (statuses_in(&text)[0], text)
}

#[tokio::test]
async fn what_is_taken_from_a_key_in_the_middle_of_a_request_does_not_count_for_it() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let path = users(&account);
    let fresh = |name: &'static str| account.program(name, &["user_permissions"]);

    let program = fresh("revoked").await;
    let revoke = async { root.delete(&program.path("")).await.empty(204) };
    assert_eq!(slowly(&app, &program.secret, &path, revoke).await.0, 401);

    let program = fresh("rotated").await;
    let rotate = async { drop(root.post(&program.path("/rotate"), json!({ "overlap_seconds": 0 })).await.ok(200)) };
    assert_eq!(slowly(&app, &program.secret, &path, rotate).await.0, 401);

    let program = fresh("moved").await;
    let far = json!({ "name": "moved", "permissions": ["user_permissions"], "networks": ["203.0.113.0/24"] });
    let moved = async { drop(root.put(&program.path(""), far).await.ok(200)) };
    assert_eq!(slowly(&app, &program.secret, &path, moved).await.0, 401);

    let program = fresh("stripped").await;
    let less = json!({ "name": "stripped", "permissions": [] });
    let strip = async { drop(root.put(&program.path(""), less).await.ok(200)) };
    assert_eq!(slowly(&app, &program.secret, &path, strip).await.0, 403);

    account.admin(&["user_permissions"]).await;
    let admin = account.admin(&["api_keys", "user_permissions"]).await;
    let program = account.program_of(&admin, json!({ "name": "orphaned", "permissions": ["user_permissions"] })).await;
    let disable = async { account.act_on(&admin, "disable").await.empty(204) };
    assert_eq!(slowly(&app, &program.secret, &path, disable).await.0, 401);

    let all = root.get(&path).await.ok(200);
    assert!(!all.to_string().contains("shadow"), "{all}");
}

#[tokio::test]
async fn codes_that_a_key_handed_out_go_with_it() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let program = account.program("Onboarding", &["user_permissions"]).await;
    let path = users(&account);
    let invite = |name: &'static str| program.post(&path, json!({ "username": name }));
    let (one, two) = (invite("one").await.ok(201), invite("two").await.ok(201));
    let activate = |created: &serde_json::Value| {
        let body = json!({ "code": created["activation"]["code"], "new_password": crate::support::PASSWORD });
        let call = app.call("POST", "/v1/activations");
        async move { call.json(&body).send().await }
    };
    activate(&one).await.empty(204);
    // Those of a key that a key made go with the maker.
    let maker = account.program("Maker", &["api_keys", "user_permissions"]).await;
    let draft = json!({ "name": "Made", "permissions": ["user_permissions"] });
    let made = maker.with_body(maker.create(&account, draft).await.ok(201));
    let three = made.post(&path, json!({ "username": "three" })).await.ok(201);
    root.delete(&maker.path("")).await.empty(204);
    activate(&three).await.problem(401, "invalid_code");

    root.delete(&program.path("")).await.empty(204);
    activate(&two).await.problem(401, "invalid_code");
}
