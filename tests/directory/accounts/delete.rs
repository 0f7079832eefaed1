//! Deletes an account with a delay, until which the deletion can be undone.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn it_says_when_and_doing_it_again_does_not_put_it_off() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let reply = root.delete(&account.path("")).await;
    let deleting = reply.ok(202);
    assert_eq!(deleting["status"], "deleting");
    assert_eq!(deleting["delete_at"], "2027-02-14T08:00:15Z", "thirty days");
    assert_ne!(reply.header("etag"), "");
    app.wait(TimeDelta::days(1));
    assert_eq!(root.delete(&account.path("?delay_days=90")).await.ok(202), deleting);
    assert_eq!(root.get(&account.path("")).await.ok(200), deleting);
    // It is neither suspended nor resumed meanwhile.
    for action in ["suspend", "resume"] {
        root.act(&account.path(&format!("/actions/{action}"))).await.problem(409, "conflict");
    }
}

#[tokio::test]
async fn the_delay_has_bounds_and_is_the_operator_s_unless_the_request_says_so() {
    let app = TestApp::with(|config| config.accounts.deletion_delay_days = 3).await;
    let (one, other) = (app.account("one").await, app.account("other").await);
    let root = app.platform_admin().await;
    for bad in ["0", "366", "-1", "1.5", "", "x", "1&delay_days=2"] {
        root.delete(&one.path(&format!("?delay_days={bad}"))).await.problem(400, "malformed_request");
    }
    assert_eq!(root.get(&one.path("")).await.ok(200)["status"], "active");
    assert_eq!(root.delete(&one.path("")).await.ok(202)["delete_at"], "2027-01-18T08:00:15Z");
    assert_eq!(root.delete(&other.path("?delay_days=365")).await.ok(202)["delete_at"], "2028-01-15T08:00:15Z");
}

#[tokio::test]
async fn who_was_suspended_before_is_suspended_after_it_is_undone() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let root = app.platform_admin().await;
    root.act(&account.path("/actions/suspend")).await.empty(204);
    root.delete(&account.path("")).await.ok(202);
    root.act(&account.path("/actions/undelete")).await.empty(204);
    let suspended = root.get(&account.path("")).await.ok(200);
    assert_eq!((&suspended["status"], &suspended["delete_at"]), (&json!("suspended"), &json!(null)));
    ann.login().await.problem(401, "invalid_credentials");
    root.act(&account.path("/actions/resume")).await.empty(204);
    ann.login().await.session();
}

#[tokio::test]
async fn it_is_undone_until_the_last_moment_and_not_after() {
    let app = TestApp::start().await;
    let (one, other) = (app.account("one").await, app.account("other").await);
    let root = app.platform_admin().await;
    for account in [&one, &other] {
        root.delete(&account.path("?delay_days=1")).await.ok(202);
    }
    app.wait(TimeDelta::days(1) - TimeDelta::seconds(1));
    assert_eq!(app.service().purge_accounts().await, Ok(0), "it is not yet time");
    root.act(&one.path("/actions/undelete")).await.empty(204);
    app.wait(TimeDelta::seconds(1));
    root.act(&other.path("/actions/undelete")).await.problem(409, "conflict");
    assert_eq!(app.service().purge_accounts().await, Ok(1));
    assert_eq!(root.get(&one.path("")).await.ok(200)["status"], "active");
    root.get(&other.path("")).await.problem(404, "not_found");
    root.act(&other.path("/actions/undelete")).await.problem(404, "not_found");
}

#[tokio::test]
async fn its_slug_is_taken_until_it_is_gone_and_free_then() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let old = ann.sign_in().await;
    let root = app.platform_admin().await;
    root.delete(&account.path("?delay_days=1")).await.ok(202);
    let new = json!({ "slug": "acme", "name": "Another Acme" });
    root.post("/v1/accounts", new.clone()).await.problem(409, "conflict");
    app.wait(TimeDelta::days(1));
    app.service().purge_accounts().await.unwrap();
    let another = root.post("/v1/accounts", new).await.ok(201);
    assert_ne!(another["id"], account.id);
    assert_eq!(another["user_count"], 0);
    // Nothing of the old one opens the new one.
    ann.login().await.problem(401, "invalid_credentials");
    old.refresh().await.problem(401, "invalid_token");
}
