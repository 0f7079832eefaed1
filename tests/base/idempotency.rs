//! A request that is repeated with the same `Idempotency-Key` is processed once.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Reply, Session, TestApp, in_parallel, statuses};

async fn create(by: &Session, path: &str, key: &str, body: &Value) -> Reply {
    by.call("POST", path).header("idempotency-key", key).json(body).send().await
}

#[tokio::test]
async fn the_first_reply_comes_again() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = account.admin(&["user_permissions"]).await.session().await;
    let (path, body) = (account.path("/users"), json!({ "username": "ann", "display_name": "Ann" }));
    let first = create(&session, &path, "key-1", &body).await;
    let created = first.ok(201);
    app.wait(TimeDelta::minutes(1));
    let again = create(&session, &path, "key-1", &body).await;
    assert_eq!(again.ok(201), created, "the same user, with the same activation code");
    for header in ["location", "etag"] {
        assert_eq!(again.header(header), first.header(header));
    }
    // The code works once, however often it was told.
    let code = created["activation"]["code"].as_str().unwrap();
    let activate = json!({ "code": code, "new_password": crate::support::PASSWORD });
    app.call("POST", "/v1/activations").json(&activate).send().await.empty(204);
    create(&session, &path, "key-1", &body).await.ok(201);
    app.call("POST", "/v1/activations").json(&activate).send().await.problem(401, "invalid_code");
    // Without the key, and with another, it is another request.
    for key in ["key-2", "KEY-1"] {
        create(&session, &path, key, &body).await.problem(409, "conflict");
    }
    session.post(&path, body).await.problem(409, "conflict");
}

#[tokio::test]
async fn an_account_too() {
    let app = TestApp::start().await;
    let session = app.platform_admin().await.session().await;
    let body = json!({ "slug": "acme", "name": "Acme" });
    let first = create(&session, "/v1/accounts", "k", &body).await.ok(201);
    assert_eq!(create(&session, "/v1/accounts", "k", &body).await.ok(201), first);
    let other = json!({ "slug": "acme", "name": "Acme Inc." });
    create(&session, "/v1/accounts", "k", &other).await.problem(422, "idempotency_key_reused");
    session.post("/v1/accounts", body).await.problem(409, "conflict");
}

#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await.session().await;
    let path = account.path("/users");
    create(&root, &path, "k", &json!({ "username": "ann" })).await.ok(201);
    create(&root, &path, "k", &json!({ "username": "bob" })).await.problem(422, "idempotency_key_reused");
    // The same body at another place is another request.
    let other = app.account("other").await;
    create(&root, &other.path("/users"), "k", &json!({ "username": "ann" }))
        .await
        .problem(422, "idempotency_key_reused");
    let accounts = json!({ "slug": "new", "name": "New" });
    create(&root, "/v1/accounts", "k", &accounts).await.problem(422, "idempotency_key_reused");
}

#[tokio::test]
async fn equal_requests_at_once_make_one_user() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = account.admin(&["user_permissions"]).await.session().await;
    for round in 0..5 {
        let body = json!({ "username": format!("ann {round}") });
        let key = format!("key-{round}");
        let path = account.path("/users");
        let replies = in_parallel(10, |_| create(&session, &path, &key, &body)).await;
        assert_eq!(statuses(&replies), [("201".to_owned(), 10)].into());
        let first = replies[0].ok(201);
        assert!(replies.iter().all(|reply| reply.ok(201) == first), "all are told the same");
    }
    let users = session.get(&account.path("/users")).await.ok(200);
    assert_eq!(users["items"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn another_caller_with_the_same_key_is_another_matter() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.admin(&["user_permissions"]).await.session().await;
    let bob = account.admin(&["user_permissions"]).await.session().await;
    let path = account.path("/users");
    let first = create(&ann, &path, "k", &json!({ "username": "one" })).await.ok(201);
    let second = create(&bob, &path, "k", &json!({ "username": "two" })).await.ok(201);
    assert_ne!(first["user"]["id"], second["user"]["id"]);
    create(&bob, &path, "k", &json!({ "username": "one" })).await.problem(422, "idempotency_key_reused");
}

#[tokio::test]
async fn a_refused_request_leaves_the_key_free() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = account.admin(&["user_permissions"]).await.session().await;
    let path = account.path("/users");
    create(&session, &path, "k", &json!({ "username": "" })).await.problem(422, "validation_failed");
    create(&session, &path, "k", &json!({ "username": "administrator-0" })).await.problem(409, "conflict");
    create(&session, &path, "k", &json!({ "username": "ann" })).await.ok(201);
}

#[tokio::test]
async fn what_is_no_key_is_refused() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = account.admin(&["user_permissions"]).await.session().await;
    let (path, body) = (account.path("/users"), json!({ "username": "ann" }));
    for key in ["", "a b", "é", &"k".repeat(256)] {
        create(&session, &path, key, &body).await.problem(400, "malformed_request");
    }
    let twice = session.call("POST", &path).header("idempotency-key", "a").header("idempotency-key", "b");
    twice.json(&body).send().await.problem(400, "malformed_request");
    create(&session, &path, &"k".repeat(255), &body).await.ok(201);
}

#[tokio::test]
async fn a_reply_is_kept_over_a_restart() {
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let (path, body) = (account.path("/users"), json!({ "username": "ann" }));
    let first = create(&admin.session().await, &path, "k", &body).await.ok(201);
    app.restart().await;
    assert_eq!(create(&admin.session().await, &path, "k", &body).await.ok(201), first);
}

#[tokio::test]
async fn who_may_no_more_gets_no_first_reply() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    account.admin(&["user_permissions"]).await;
    let session = admin.session().await;
    let (path, body) = (account.path("/users"), json!({ "username": "ann" }));
    create(&session, &path, "k", &body).await.ok(201);
    let root = app.platform_admin().await;
    let nothing = json!({ "permissions": [] });
    root.put(&account.path(&format!("/users/{}/permissions", admin.id())), nothing).await.ok(200);
    create(&session, &path, "k", &body).await.problem(403, "permission_required");
}
