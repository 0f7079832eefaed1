//! Replaces an API key's settings.

use serde_json::json;

use super::users;
use crate::support::TestApp;

#[tokio::test]
async fn a_change_counts_from_the_next_request_on_and_the_secret_stays() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["api_keys", "user_permissions", "account_settings"]).await;
    let program = account.program_of(&admin, json!({ "name": "Import", "permissions": ["user_permissions"] })).await;
    let draft = json!({ "name": "Policy", "permissions": ["account_settings"] });
    let reply = admin.put(&program.path(""), draft.clone()).await;
    let key = reply.ok(200);
    assert_eq!((&key["name"], &key["permissions"]), (&json!("Policy"), &json!(["account_settings"])));
    assert_eq!(key["secret"], program.body["key"]["secret"]);
    program.get(&users(&account)).await.problem(403, "permission_required");
    program.get(&account.path("/two-factor-policy")).await.ok(200);
    // The same again is no change.
    let again = admin.put(&program.path(""), draft).await;
    assert_eq!((&again.ok(200)["updated_at"], again.header("etag")), (&key["updated_at"], reply.header("etag")));
}

#[tokio::test]
async fn a_stale_version_changes_nothing() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = app.platform_admin().await.session().await;
    let program = account.program("Import", &["user_permissions"]).await;
    let first = session.get(&program.path("")).await.header("etag").to_owned();
    let draft = |name: &str| json!({ "name": name, "permissions": ["user_permissions"] });
    let put = |tag: &str, name: &str| {
        session.call("PUT", &program.path("")).header("if-match", tag).json(&draft(name)).send()
    };
    let second = put(&first, "two").await;
    second.ok(200);
    assert_ne!(second.header("etag"), first);
    put(&first, "three").await.problem(412, "precondition_failed");
    let rotate = program.path("/rotate");
    session
        .call("POST", &rotate)
        .header("if-match", &first)
        .json(&json!({}))
        .send()
        .await
        .problem(412, "precondition_failed");
    session
        .call("DELETE", &program.path(""))
        .header("if-match", &first)
        .send()
        .await
        .problem(412, "precondition_failed");
    assert_eq!(session.get(&program.path("")).await.ok(200), second.ok(200));
    let third = session.call("POST", &rotate).header("if-match", second.header("etag")).json(&json!({})).send().await;
    third.ok(200);
    assert_ne!(third.header("etag"), second.header("etag"));
    session.call("DELETE", &program.path("")).header("if-match", third.header("etag")).send().await.empty(204);
}

#[tokio::test]
async fn of_two_administrators_one_is_told_to_look_again() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let program = account.program("Import", &["user_permissions"]).await;
    let session = app.platform_admin().await.session().await;
    let seen = session.get(&program.path("")).await.header("etag").to_owned();
    let replies = crate::support::in_parallel(8, |number| {
        let draft = json!({ "name": format!("name {number}"), "permissions": [] });
        session.call("PUT", &program.path("")).header("if-match", &seen).json(&draft).send()
    });
    let counts = crate::support::statuses(&replies.await);
    assert_eq!((counts.get("200"), counts.get("412 precondition_failed")), (Some(&1), Some(&7)), "{counts:?}");
}
