//! Imports by API keys.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Account, OTHER_PASSWORD, PASSWORD, Program, TestApp, User, process::pause};

const NDJSON: &str = "application/x-ndjson";

async fn send(program: &Program, account: &Account, file: impl Into<Vec<u8>>) -> Value {
    program.call("POST", &account.path("/user-imports")).file(NDJSON, file).send().await.ok(202)
}

async fn finished(by: &User, account: &Account, import: &Value) -> Value {
    let path = account.path(&format!("/user-imports/{}", import["id"].as_str().unwrap()));
    let since = Instant::now();
    loop {
        let now = by.get(&path).await.ok(200);
        if !now["finished_at"].is_null() {
            return now;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{now}");
        pause(Duration::from_millis(5));
    }
}

#[tokio::test]
async fn a_key_grants_by_import_what_it_holds_and_not_what_its_creator_does() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let program = account.program("HR", &["user_permissions"]).await;
    let file = "{\"username\":\"ann\",\"permissions\":[\"user_permissions\"]}\n\
                {\"username\":\"bob\",\"permissions\":[\"account_settings\"]}\n";
    let done = finished(&root, &account, &send(&program, &account, file).await).await;
    assert_eq!((&done["imported"], &done["failed_lines"]), (&json!(1), &json!(1)), "{done}");
}

#[tokio::test]
async fn an_import_stops_when_the_key_that_started_it_is_revoked() {
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let program = account.program("HR", &["user_permissions"]).await;
    app.pause_workers().await;
    let lines: Vec<_> = (0..3_000).map(|number| format!("{{\"username\":\"user-{number}\"}}\n")).collect();
    let file = lines.concat();
    let import = send(&program, &account, file).await;
    app.take_import_turn().await;
    root.delete(&program.path("")).await.empty(204);
    app.resume_workers().await;
    let failed = finished(&root, &account, &import).await;
    assert_eq!(failed["status"], "failed", "{failed}");
    assert_eq!(failed["failure"], "the API key that started it was revoked or has expired");
}

/// Its password is `seven purple herons`, as whoever imports it may know.
const WITH_PASSWORD: &str = r#"{"username":"bob","password_hash":"$2b$04$M9NW5cMCmeL2WuULoU5nkuPUg4D6DROrDyxWsIipCnrxFUsRV6wKS"}
"#;

#[tokio::test]
async fn whoever_has_the_key_gains_nothing_by_the_promotion_of_a_user_whose_password_they_imported() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let admin = account.admin(&["api_keys", "user_permissions", "account_settings"]).await;
    let weak = json!({ "name": "HR", "permissions": ["user_permissions"] });
    let program = account.program_of(&admin, weak).await;
    let done = finished(&root, &account, &send(&program, &account, WITH_PASSWORD).await).await;
    assert_eq!(done["imported"], 1, "{done}");
    let found = root.get(&account.path("/users?limit=100")).await.ok(200);
    let bob = found["items"].as_array().unwrap().iter().find(|user| user["username"] == "bob").unwrap().clone();
    let permissions = account.path(&format!("/users/{}/permissions", bob["id"].as_str().unwrap()));
    let grant = |permission: &str| root.put(&permissions, json!({ "permissions": [permission] }));
    // Who answers for the key holds it; whoever has the key does not.
    grant("account_settings").await.problem(409, "conflict");
    grant("user_permissions").await.ok(200);
    // A code that the program orders itself makes no password the user's own.
    let path = account.path(&format!("/users/{}/actions/send-activation", bob["id"].as_str().unwrap()));
    let code = program.call("POST", &path).send().await.ok(200);
    let body = json!({ "code": code["code"], "new_password": OTHER_PASSWORD });
    app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
    grant("account_settings").await.problem(409, "conflict");
    // When the key is gone whoever had it knows the password all the same.
    root.delete(&program.path("")).await.empty(204);
    grant("account_settings").await.problem(409, "conflict");
    grant("password_management").await.problem(409, "conflict");
    // What the user has stays.
    grant("user_permissions").await.ok(200);
    // Who answered for the key is not the program: a code that they order in person is as good as anybody's.
    let path = account.path(&format!("/users/{}/actions/send-activation", bob["id"].as_str().unwrap()));
    let code = admin.act(&path).await.ok(200);
    let body = json!({ "code": code["code"], "new_password": PASSWORD });
    app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
    grant("account_settings").await.ok(200);
}
