//! Creates an account.

use serde_json::json;

use crate::support::{TestApp, in_parallel, statuses};

#[tokio::test]
async fn a_platform_administrator_creates_it() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let reply = root.post("/v1/accounts", json!({ "slug": "acme", "name": " Acme & «Co» 100 % 👩‍🚀 " })).await;
    let account = reply.ok(201);
    let expected = json!({
        "id": account["id"],
        "slug": "acme",
        "name": "Acme & «Co» 100 % 👩‍🚀",
        "status": "active",
        "suspended_at": null,
        "delete_at": null,
        "limits": { "max_users": null },
        "user_count": 0,
        "created_at": "2027-01-15T08:00:15Z",
    });
    assert_eq!(account, expected);
    assert_eq!(reply.header("location"), format!("/v1/accounts/{}", account["id"].as_str().unwrap()));
    assert_eq!(root.get(reply.header("location")).await.ok(200), account);
}

#[tokio::test]
async fn nobody_else_does() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings", "password_management"]).await;
    let new = json!({ "slug": "mine", "name": "Mine" });
    let problem = admin.post("/v1/accounts", new.clone()).await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "platform_administration");
    app.call("POST", "/v1/accounts").json(&new).send().await.problem(401, "invalid_token");
}

#[tokio::test]
async fn slugs_and_names_are_checked() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let (longest, longer) = ("x".repeat(63), "x".repeat(64));
    for slug in ["", "Acme", "-a", "a-", "a--b", "a b", "a_b", "é", "a\0", "a/b", "a.b", &longer] {
        let reply = root.post("/v1/accounts", json!({ "slug": slug, "name": "Acme" })).await;
        assert_eq!(reply.problem(422, "validation_failed").errors(), [("/slug", "invalid")], "{slug:?}");
    }
    for name in ["", " ", "a\nb", &"x".repeat(201)] {
        let reply = root.post("/v1/accounts", json!({ "slug": "acme", "name": name })).await;
        assert_eq!(reply.problem(422, "validation_failed").errors(), [("/name", "invalid")], "{name:?}");
    }
    let reply = root.post("/v1/accounts", json!({ "slug": "", "name": "" })).await;
    assert_eq!(reply.problem(422, "validation_failed").errors(), [("/slug", "invalid"), ("/name", "invalid")]);
    for slug in ["a", "0", "a-1", "acme", &longest] {
        root.post("/v1/accounts", json!({ "slug": slug, "name": "x".repeat(200) })).await.ok(201);
    }
}

#[tokio::test]
async fn a_slug_is_taken_once() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let session = root.session().await;
    let new = json!({ "slug": "acme", "name": "Acme" });
    let replies = in_parallel(10, |_| session.call("POST", "/v1/accounts").json(&new).send()).await;
    assert_eq!(statuses(&replies), [("201".to_owned(), 1), ("409 conflict".to_owned(), 9)].into());
    let platform = json!({ "slug": "platform", "name": "Not the platform" });
    root.post("/v1/accounts", platform).await.problem(409, "conflict");
}
