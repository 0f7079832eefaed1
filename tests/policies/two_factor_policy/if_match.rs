//! Nobody overwrites a version that they have not seen.

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn a_change_of_what_was_seen_goes_through_and_any_other_does_not() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings"]).await;
    let path = account.path("/two-factor-policy");
    let session = admin.session().await;
    let put = |tag: &str, mode: &str| session.call("PUT", &path).header("if-match", tag).json(&json!({ "mode": mode }));

    let first = session.get(&path).await.header("etag").to_owned();
    let reply = put(&first, "all_users").send().await;
    assert_eq!(reply.ok(200)["mode"], "all_users");
    let second = reply.header("etag").to_owned();
    assert_ne!(first, second);

    for stale in [first.clone(), "\"other\"".to_owned(), format!("W/{second}"), "\"v99\"".to_owned()] {
        put(&stale, "disabled").send().await.problem(412, "precondition_failed");
    }
    let bare = second.trim_matches('"');
    for garbage in [bare, "", "\"", "v1, v2", &format!("*, {second}")] {
        put(garbage, "disabled").send().await.problem(400, "malformed_request");
    }
    assert_eq!(session.get(&path).await.ok(200)["mode"], "all_users", "nothing has changed");

    put("*", "disabled").send().await.ok(200);
    let third = put(&format!("{first}, {second}"), "all_users").send().await;
    third.problem(412, "precondition_failed");
    let current = session.get(&path).await.header("etag").to_owned();
    put(&format!("{first}, {current}"), "all_users").send().await.ok(200);
}

#[tokio::test]
async fn what_is_wrong_with_the_request_is_told_before_the_version() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings"]).await;
    let session = admin.session().await;
    let request = session.call("PUT", &account.path("/two-factor-policy")).header("if-match", "\"v99\"");
    request
        .json(&json!({ "mode": "selected_users", "user_ids": ["ann"] }))
        .send()
        .await
        .problem(422, "validation_failed");
}
