//! Reads and replaces the permissions of a user.

use serde_json::json;

use crate::support::{Account, TestApp, User, in_parallel, statuses};

fn path(account: &Account, user: &User) -> String {
    account.path(&format!("/users/{}/permissions", user.id()))
}

#[tokio::test]
async fn what_is_granted_counts_at_once_and_in_the_token_at_the_next_refresh() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings", "password_management"]).await;
    let ann = account.user("ann").await;
    let session = ann.sign_in().await;
    let path = path(&account, &ann);
    let policy = account.path("/two-factor-policy");
    assert_eq!(session.claims()["permissions"], json!([]));
    session.get(&policy).await.problem(403, "permission_required");

    let wanted = json!({ "permissions": ["password_management", "account_settings", "account_settings"] });
    let direct = |name: &str| json!({ "permission": name, "from": ["direct"] });
    let granted = json!({
        "permissions": ["account_settings", "password_management"],
        "effective": [direct("account_settings"), direct("password_management")],
    });
    let reply = admin.put(&path, wanted).await;
    assert_eq!(reply.ok(200), granted);
    let read = admin.get(&path).await;
    assert_eq!((read.ok(200), read.header("etag")), (granted.clone(), reply.header("etag")));
    assert_eq!(account.look_at(&ann).await["permissions"], granted["permissions"]);
    session.get(&policy).await.ok(200);
    let session = session.refresh().await.session();
    assert_eq!(session.claims()["permissions"], granted["permissions"]);
    assert_eq!(session.body["user"]["permissions"], granted["permissions"]);

    admin.put(&path, json!({ "permissions": ["password_management"] })).await.ok(200);
    session.get(&policy).await.problem(403, "permission_required");
    assert_eq!(session.refresh().await.session().claims()["permissions"], json!(["password_management"]));
    admin.put(&path, json!({ "permissions": [] })).await.ok(200);
    assert_eq!(admin.get(&path).await.ok(200), json!({ "permissions": [], "effective": [] }));
}

#[tokio::test]
async fn unknown_permissions_are_named_and_nothing_changes() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings"]).await;
    let ann = account.user_with("ann", &["account_settings"]).await;
    let before = admin.get(&path(&account, &ann)).await;
    let wanted = json!({ "permissions": ["root", "account_settings", "Account_Settings", ""] });
    let problem = admin.put(&path(&account, &ann), wanted).await.problem(422, "validation_failed");
    let places = ["/permissions/0", "/permissions/2", "/permissions/3"].map(|place| (place, "unknown_permission"));
    assert_eq!(problem.errors(), places);
    for wrong in [
        json!({}),
        json!({ "permissions": null }),
        json!({ "permissions": [1] }),
        json!({ "permissions": vec!["account_settings"; 101] }),
    ] {
        admin.put(&path(&account, &ann), wrong).await.problem(422, "validation_failed");
    }
    let after = admin.get(&path(&account, &ann)).await;
    assert_eq!((after.ok(200), after.header("etag")), (before.ok(200), before.header("etag")));
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings", "password_management"]).await;
    let ann = account.user("ann").await;
    let session = admin.session().await;
    let path = path(&account, &ann);
    for _ in 0..5 {
        let tag = session.get(&path).await.header("etag").to_owned();
        // What is held already is not a change; so each asks for something else than before.
        let held = session.get(&path).await.ok(200)["permissions"].as_array().unwrap().len();
        let wanted =
            if held == 1 { json!(["account_settings", "password_management"]) } else { json!(["account_settings"]) };
        let change =
            |_| session.call("PUT", &path).header("if-match", &tag).json(&json!({ "permissions": wanted })).send();
        let replies = in_parallel(2, change).await;
        let expected = [("200".to_owned(), 1), ("412 precondition_failed".to_owned(), 1)].into();
        assert_eq!(statuses(&replies), expected);
    }
    let put = |tag: &str| session.call("PUT", &path).header("if-match", tag).json(&json!({ "permissions": [] })).send();
    put("\"v1\"").await.problem(412, "precondition_failed");
    put("W/\"v1\"").await.problem(412, "precondition_failed");
    put("v1").await.problem(400, "malformed_request");
    put("*").await.ok(200);
}

#[tokio::test]
async fn the_tag_of_a_user_counts_for_the_permissions_too() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings"]).await;
    let ann = account.user("ann").await;
    let session = admin.session().await;
    let user = account.path(&format!("/users/{}", ann.id()));
    let tag = session.get(&user).await.header("etag").to_owned();
    assert_eq!(session.get(&path(&account, &ann)).await.header("etag"), tag);
    account.act_on(&ann, "disable").await.empty(204);
    let wanted = json!({ "permissions": ["account_settings"] });
    let stale = session.call("PUT", &path(&account, &ann)).header("if-match", &tag).json(&wanted).send().await;
    stale.problem(412, "precondition_failed");
}
