//! Changes an account's name and plan.

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn what_the_body_names_changes_and_nothing_else() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let path = account.path("");
    let mut expected = root.get(&path).await.ok(200);

    let changed = root.patch(&path, json!({ "name": " Acme & «Co» " })).await.ok(200);
    expected["name"] = json!("Acme & «Co»");
    assert_eq!(changed, expected);
    let changed = root.patch(&path, json!({ "limits": { "max_users": 0 } })).await.ok(200);
    expected["limits"]["max_users"] = json!(0);
    assert_eq!(changed, expected);
    for nothing in [json!({}), json!({ "limits": {} }), json!({ "name": "Acme & «Co»", "limits": { "max_users": 0 } })]
    {
        let before = root.get(&path).await.header("etag").to_owned();
        let reply = root.patch(&path, nothing).await;
        assert_eq!(reply.ok(200), expected);
        assert_eq!(reply.header("etag"), before, "nothing has changed");
    }
    let changed = root.patch(&path, json!({ "limits": { "max_users": null } })).await.ok(200);
    expected["limits"]["max_users"] = json!(null);
    assert_eq!(changed, expected);
    assert_eq!(root.get(&path).await.ok(200), expected);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let path = account.path("");
    let before = root.get(&path).await.ok(200);
    for (body, pointer) in [
        (json!({ "name": null }), "/name"),
        (json!({ "name": "" }), "/name"),
        (json!({ "name": "a\u{7}b", "limits": { "max_users": 3 } }), "/name"),
        (json!({ "name": "Other", "limits": { "max_users": 1_000_000_001 } }), "/limits/max_users"),
        (json!({ "limits": { "max_users": -1 } }), "/limits/max_users"),
        (json!({ "limits": { "max_users": 1.5 } }), "/limits/max_users"),
    ] {
        let problem = root.patch(&path, body.clone()).await.problem(422, "validation_failed");
        assert_eq!(problem.errors()[0].0, pointer, "{body}");
    }
    for body in [json!({ "slug": "other" }), json!({ "status": "suspended" }), json!({ "limits": { "users": 3 } })] {
        root.patch(&path, body).await.problem(400, "malformed_request");
    }
    assert_eq!(root.get(&path).await.ok(200), before);
    let nobody = "/v1/accounts/01890a5d-ac96-774b-bcce-b302099a8057";
    root.patch(nobody, json!({ "name": "x" })).await.problem(404, "not_found");
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = app.platform_admin().await.session().await;
    let path = account.path("");
    let seen = session.get(&path).await.header("etag").to_owned();
    let patch = |name: &str| session.call("PATCH", &path).header("if-match", &seen).json(&json!({ "name": name }));
    let first = patch("First").send().await;
    first.ok(200);
    assert_ne!(first.header("etag"), seen);
    patch("Second").send().await.problem(412, "precondition_failed");
    session.call("DELETE", &path).header("if-match", &seen).send().await.problem(412, "precondition_failed");
    let now = session.get(&path).await;
    assert_eq!((&now.ok(200)["name"], now.header("etag")), (&json!("First"), first.header("etag")));
}

#[tokio::test]
async fn an_administrator_of_the_account_changes_neither_name_nor_plan() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings", "password_management"]).await;
    let reply = admin.patch(&account.path(""), json!({ "limits": { "max_users": null } })).await;
    assert_eq!(reply.problem(403, "permission_required")["permission"], "platform_administration");
}
