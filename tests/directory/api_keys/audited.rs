//! Records changes of API keys, and what was done with one.

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn whatever_becomes_of_a_key_is_written_down_without_its_secret() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["api_keys", "user_permissions"]).await;
    let draft = json!({ "name": "HR", "permissions": ["api_keys", "user_permissions"], "networks": ["127.0.0.0/8"] });
    let program = account.program_of(&admin, draft).await;
    let again = json!({ "name": "HR 2", "permissions": ["api_keys"], "networks": [] });
    admin.put(&program.path(""), again.clone()).await.ok(200);
    admin.put(&program.path(""), again).await.ok(200);
    let rotated = program.with_body(program.post(&program.path("/rotate"), json!({})).await.ok(200));
    let refused = rotated.post(&account.path("/users"), json!({ "username": "ann" })).await;
    refused.problem(403, "permission_required");
    rotated.delete(&program.path("")).await.empty(204);

    let told = app.look_into_database(
        "SELECT actor_kind || ' ' || actor_name || ' ' || action || ' ' || target_kind || ' ' || target_name || ' ' || details
         FROM audit_events WHERE target_kind = 'api_key' ORDER BY sequence",
    );
    let starts = [
        format!("user {} api_key.created api_key HR {{", admin.username()),
        format!("user {} api_key.changed api_key HR {{", admin.username()),
        "api_key HR 2 api_key.rotated api_key HR 2 {".to_owned(),
        "api_key HR 2 api_key.revoked api_key HR 2 {".to_owned(),
    ];
    assert_eq!(told.len(), starts.len(), "{told:?}");
    for (event, start) in told.iter().zip(&starts) {
        assert!(event.starts_with(start), "{event}");
        for secret in [&program.secret, &rotated.secret] {
            assert!(!event.contains(&secret[7..20]), "{event}");
        }
    }
    for (event, detail) in
        [(0, "127.0.0.0/8"), (0, "user_permissions"), (1, "networks_before"), (1, "revoked"), (2, "86400")]
    {
        assert!(told[event].contains(detail), "{}", told[event]);
    }
}

#[tokio::test]
async fn what_a_program_does_is_told_of_its_key() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let program = account.program("HR", &["user_permissions"]).await;
    program.post(&account.path("/users"), json!({ "username": "ann" })).await.ok(201);
    let told = app.look_into_database(
        "SELECT actor_kind || ' ' || actor_name || ' ' || action || ' ' || target_name FROM audit_events
         WHERE target_name = 'ann' AND action = 'user.created'",
    );
    assert_eq!(told, ["api_key HR user.created ann"]);
}
