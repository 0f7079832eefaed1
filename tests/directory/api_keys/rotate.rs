//! Rotates an API key's secret; the old one keeps working for a while.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{look_at, users};
use crate::support::{Program, Reply, TestApp, User};

async fn rotate(by: &User, program: &Program, seconds: u32) -> Program {
    program.with_body(by.post(&program.path("/rotate"), json!({ "overlap_seconds": seconds })).await.ok(200))
}

#[tokio::test]
async fn both_secrets_work_until_the_overlap_is_over() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let old = account.program("Import", &["user_permissions"]).await;
    let new = old.with_body(root.post(&old.path("/rotate"), json!({})).await.ok(200));
    assert_ne!(new.secret, old.secret);
    assert_eq!(new.id, old.id);
    let end: DateTime<Utc> = new.body["key"]["older_secrets_end_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(end, app.now() + TimeDelta::days(1), "a day unless said otherwise");
    app.wait(TimeDelta::days(1) - TimeDelta::seconds(1));
    for program in [&old, &new] {
        program.get(&users(&account)).await.ok(200);
    }
    app.wait(TimeDelta::seconds(1));
    old.get(&users(&account)).await.problem(401, "invalid_token");
    new.get(&users(&account)).await.ok(200);
    assert_eq!(look_at(&root, &new).await["older_secrets_end_at"], json!(null));
    // What has ended is forgotten in the end.
    app.wait(TimeDelta::days(2));
    app.service().purge().await.unwrap();
    assert_eq!(app.look_into_database("SELECT CAST(count(*) AS TEXT) FROM api_key_secrets"), ["1"]);
    new.get(&users(&account)).await.ok(200);
}

#[tokio::test]
async fn without_an_overlap_the_old_secret_stops_at_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let old = account.program("Import", &["user_permissions"]).await;
    let middle = rotate(&root, &old, 3600).await;
    let new = rotate(&root, &middle, 0).await;
    for stopped in [&old, &middle] {
        stopped.get(&users(&account)).await.problem(401, "invalid_token");
    }
    new.get(&users(&account)).await.ok(200);
}

#[tokio::test]
async fn a_rotation_lets_no_secret_work_longer_than_it_did() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let first = account.program("Import", &["user_permissions"]).await;
    let second = rotate(&root, &first, 60).await;
    let third = rotate(&root, &second, 3600).await;
    app.wait(TimeDelta::seconds(60));
    first.get(&users(&account)).await.problem(401, "invalid_token");
    second.get(&users(&account)).await.ok(200);
    third.get(&users(&account)).await.ok(200);
}

#[tokio::test]
async fn a_key_can_renew_itself_but_not_with_a_secret_that_was_replaced() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["api_keys", "user_permissions"]).await;
    let old =
        account.program_of(&admin, json!({ "name": "Import", "permissions": ["api_keys", "user_permissions"] })).await;
    let renew = |program: Program| async move {
        program.call("POST", &program.path("/rotate")).header("idempotency-key", "k").json(&json!({})).send().await
    };
    let reply = renew(old.clone()).await.ok(200);
    let new = old.with_body(reply.clone());
    assert_eq!(new.body["key"]["secret"]["user_id"], admin.id(), "whoever answered for it goes on to");
    assert_eq!(new.body["key"]["secret"]["shown_to_key_id"], json!(null));
    new.get(&users(&account)).await.ok(200);
    // The reply got lost: with the same key it comes again. A thief of the old secret gets nothing new out of it.
    assert_eq!(renew(old.clone()).await.ok(200), reply);
    let problem = old.post(&old.path("/rotate"), json!({})).await.problem(409, "conflict");
    assert!(problem["detail"].as_str().unwrap().contains("replaced"), "{problem:?}");
    old.create(&account, json!({ "name": "other", "permissions": [] })).await.problem(409, "conflict");
    new.post(&new.path("/rotate"), json!({})).await.ok(200);
}

/// What the program sends when it renews itself: with the same key each time, as when it does not know whether it did.
async fn renew(program: &Program) -> Reply {
    let call = program.call("POST", &program.path("/rotate")).header("idempotency-key", "renewal");
    call.json(&json!({ "overlap_seconds": 3600 })).send().await
}

#[tokio::test]
async fn a_lost_reply_comes_again_for_two_minutes_and_then_a_replaced_secret_learns_no_other() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let old = account.program("Import", &["api_keys", "user_permissions"]).await;
    let create = async |by: &Program| {
        let call = by.call("POST", &account.path("/api-keys")).header("idempotency-key", "creation");
        call.json(&json!({ "name": "Helper", "permissions": [] })).send().await
    };
    let helper = create(&old).await.ok(201);
    let reply = renew(&old).await.ok(200);
    let new = old.with_body(reply.clone());
    // The honest program that has lost the reply.
    app.wait(TimeDelta::seconds(120));
    assert_eq!(renew(&old).await.ok(200), reply);
    assert_eq!(create(&old).await.ok(201), helper);
    app.wait(TimeDelta::seconds(1));
    // The thief of the old secret, which still works.
    old.get(&users(&account)).await.ok(200);
    for late in [renew(&old).await, create(&old).await] {
        let problem = late.problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains("replaced"), "{problem:?}");
    }
    // Whoever has the newest secret could make another one anyway: for them a repeat stays a repeat.
    assert_eq!(renew(&new).await.ok(200), reply);
    assert_eq!(create(&new).await.ok(201), helper);
}

#[tokio::test]
async fn a_secret_that_had_been_replaced_before_never_learns_the_reply_to_another() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let stolen = account.program("Import", &["api_keys", "user_permissions"]).await;
    let honest = rotate(&root, &stolen, 3600).await;
    // Who answers for both is the same, so only the secret tells them apart.
    assert_eq!(honest.body["key"]["secret"]["user_id"], stolen.body["key"]["secret"]["user_id"]);
    let reply = renew(&honest).await.ok(200);
    renew(&stolen).await.problem(409, "conflict");
    assert_eq!(renew(&honest).await.ok(200), reply);
}

#[tokio::test]
async fn the_secrets_that_work_at_a_time_have_a_bound() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let mut newest = account.program("Import", &["user_permissions"]).await;
    for _ in 0..9 {
        newest = rotate(&root, &newest, 3600).await;
    }
    root.post(&newest.path("/rotate"), json!({})).await.problem(409, "conflict");
    let last = rotate(&root, &newest, 0).await;
    newest.get(&users(&account)).await.problem(401, "invalid_token");
    last.get(&users(&account)).await.ok(200);
}

#[tokio::test]
async fn of_rotations_at_one_moment_all_secrets_are_told_apart() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await.session().await;
    let program = account.program("Import", &["user_permissions"]).await;
    let seen = root.get(&program.path("")).await.header("etag").to_owned();
    let replies = crate::support::in_parallel(8, |_| {
        root.call("POST", &program.path("/rotate"))
            .header("if-match", &seen)
            .json(&json!({ "overlap_seconds": 0 }))
            .send()
    });
    let replies = replies.await;
    let counts = crate::support::statuses(&replies);
    assert_eq!((counts.get("200"), counts.get("412 precondition_failed")), (Some(&1), Some(&7)), "{counts:?}");
    let won = replies.iter().find(|reply| reply.status == 200).unwrap();
    program.with_body(won.ok(200)).get(&users(&account)).await.ok(200);
    program.get(&users(&account)).await.problem(401, "invalid_token");
}
