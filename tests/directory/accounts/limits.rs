//! The number of users that a plan allows.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Account, TestApp, User, in_parallel, statuses};

/// Limits the account.
async fn allow(root: &User, account: &Account, max_users: Option<u32>) {
    root.patch(&account.path(""), json!({ "limits": { "max_users": max_users } })).await.ok(200);
}

async fn count(root: &User, account: &Account) -> Value {
    root.get(&account.path("")).await.ok(200)["user_count"].clone()
}

#[tokio::test]
async fn no_more_users_than_the_plan_allows_however_many_ask_at_once() {
    let app = TestApp::start().await;
    let node = app.another_node().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let admin = account.admin(&["user_permissions"]).await;
    allow(&root, &account, Some(10)).await;
    let here = admin.session().await;
    let there = node.session(&here);
    let path = account.path("/users");
    let replies = in_parallel(40, |number| {
        let session = if number % 2 == 0 { &here } else { &there };
        session.post(&path, json!({ "username": format!("user {number}") }))
    })
    .await;
    let expected: BTreeMap<_, _> = [("201".to_owned(), 9), ("409 limit_reached".to_owned(), 31)].into();
    assert_eq!(statuses(&replies), expected);
    assert_eq!(count(&root, &account).await, 10);
    assert_eq!(admin.get(&path).await.ok(200)["items"].as_array().unwrap().len(), 10);

    // Nor does somebody who stands above the account, until the plan is another one.
    root.post(&path, json!({ "username": "late" })).await.problem(409, "limit_reached");
    allow(&root, &account, Some(11)).await;
    root.post(&path, json!({ "username": "late" })).await.ok(201);
    root.post(&path, json!({ "username": "later" })).await.problem(409, "limit_reached");
    allow(&root, &account, None).await;
    root.post(&path, json!({ "username": "later" })).await.ok(201);
    assert_eq!(count(&root, &account).await, 12);
}

#[tokio::test]
async fn who_is_deleted_makes_room_and_who_is_disabled_does_not() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    allow(&root, &account, Some(2)).await;
    let path = account.path("/users");
    account.act_on(&ann, "disable").await.empty(204);
    root.post(&path, json!({ "username": "eve" })).await.problem(409, "limit_reached");
    root.delete(&account.path(&format!("/users/{}", bob.id()))).await.empty(204);
    root.delete(&account.path(&format!("/users/{}", bob.id()))).await.problem(404, "not_found");
    root.post(&path, json!({ "username": "eve" })).await.ok(201);
    root.post(&path, json!({ "username": "mallory" })).await.problem(409, "limit_reached");
    assert_eq!(count(&root, &account).await, 2);
}

#[tokio::test]
async fn a_smaller_plan_takes_nobody_away_and_keeps_more_from_coming() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let mut users = Vec::new();
    for name in ["ann", "bob", "eve"] {
        users.push(account.user(name).await);
    }
    allow(&root, &account, Some(1)).await;
    assert_eq!(count(&root, &account).await, 3);
    for user in &users {
        user.sign_in().await.me().await.ok(200);
    }
    let path = account.path("/users");
    for user in &users[..2] {
        root.post(&path, json!({ "username": "dan" })).await.problem(409, "limit_reached");
        root.delete(&account.path(&format!("/users/{}", user.id()))).await.empty(204);
    }
    root.post(&path, json!({ "username": "dan" })).await.problem(409, "limit_reached");
    assert_eq!(count(&root, &account).await, 1);
}

#[tokio::test]
async fn a_request_that_is_sent_again_is_answered_though_the_plan_is_full() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    allow(&root, &account, Some(1)).await;
    let session = root.session().await;
    let new = json!({ "username": "ann" });
    let post = || session.call("POST", &account.path("/users")).header("idempotency-key", "one").json(&new).send();
    let first = post().await.ok(201);
    assert_eq!(post().await.ok(201), first);
    assert_eq!(count(&root, &account).await, 1);
}

#[tokio::test]
async fn the_platform_s_own_account_has_no_limit() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let home = root.get("/v1/me").await.ok(200)["account"]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/accounts/{home}");
    root.patch(&path, json!({ "limits": { "max_users": 1 } })).await.problem(409, "conflict");
    let account = root.patch(&path, json!({ "name": "Our platform", "limits": { "max_users": null } })).await.ok(200);
    assert_eq!((&account["name"], &account["limits"]["max_users"]), (&json!("Our platform"), &json!(null)));
}
