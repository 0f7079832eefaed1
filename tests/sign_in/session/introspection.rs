//! Introspects tokens (RFC 7662).

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Session, TestApp};

async fn ask(asker: &Session, token: &str) -> Value {
    asker.post("/v1/token/introspect", json!({ "token": token })).await.ok(200)
}

#[tokio::test]
async fn a_token_that_counts_tells_what_it_says() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let (ann, bob) = (account.user_with("ann", &["account_settings"]).await, account.user("bob").await);
    let (asker, session) = (bob.login().await.session(), ann.login().await.session());
    let mut expected = session.claims();
    expected["active"] = json!(true);
    expected["token_type"] = json!("Bearer");
    assert_eq!(ask(&asker, &session.access_token).await, expected);
    assert_eq!(ask(&session, &session.access_token).await, expected, "one may ask about oneself");

    let form = format!("token={}&token_type_hint=access_token", session.access_token);
    let reply = asker.call("POST", "/v1/token/introspect").form(&form).send().await;
    assert_eq!(reply.ok(200), expected);
    let hint = json!({ "token": session.access_token, "token_type_hint": "refresh_token" });
    assert_eq!(asker.post("/v1/token/introspect", hint).await.ok(200), expected);
}

#[tokio::test]
async fn its_permissions_are_those_of_this_moment() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let session = ann.login().await.session();
    let path = account.path(&format!("/users/{}/permissions", ann.id()));
    app.platform_admin().await.put(&path, json!({ "permissions": ["password_management"] })).await.ok(200);
    assert_eq!(ask(&session, &session.access_token).await["permissions"], json!(["password_management"]));
}

#[tokio::test]
async fn a_token_that_does_not_count_tells_nothing_else() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    let stranger = app.account("other").await.user("eve").await.login().await.session();
    let (living, ended) = (ann.login().await.session(), ann.login().await.session());
    ended.logout().await.empty(204);
    let asker = bob.login().await.session();
    let garbage = format!("{}x", living.access_token);
    for (what, token) in [
        ("ended", ended.access_token.as_str()),
        ("of another account", &stranger.access_token),
        ("a refresh token", &living.refresh_token),
        ("changed", &garbage),
        ("garbage", "x"),
        ("empty", ""),
        ("long", &"x".repeat(50_000)),
    ] {
        assert_eq!(ask(&asker, token).await, json!({ "active": false }), "{what}");
    }
    // Nothing was done to what was asked about.
    living.refresh().await.session();
    app.wait(TimeDelta::minutes(10));
    let asker = bob.login().await.session();
    assert_eq!(ask(&asker, &living.access_token).await, json!({ "active": false }), "expired");
    // Who stands above accounts may ask about all of them.
    let fresh = ann.login().await.session();
    let root = app.platform_admin().await.sign_in().await;
    assert_eq!(ask(&root, &fresh.access_token).await["active"], true);
    account.act_on(&ann, "disable").await.empty(204);
    assert_eq!(ask(&root, &fresh.access_token).await, json!({ "active": false }), "disabled");
}

#[tokio::test]
async fn only_who_is_signed_in_may_ask_and_only_in_the_documented_form() {
    let app = TestApp::start().await;
    let session = app.account("acme").await.user("ann").await.login().await.session();
    let body = json!({ "token": session.access_token });
    app.call("POST", "/v1/token/introspect").json(&body).send().await.problem(401, "invalid_token");
    let call = |form: &str| session.call("POST", "/v1/token/introspect").form(form).send();
    for form in ["", "tokens=x", "token=x&token=y", "token=x&surprise=y"] {
        let reply = call(form).await;
        assert!([400, 422].contains(&reply.status), "{form}: {reply:?}");
        let expected = if reply.status == 400 { "malformed_request" } else { "validation_failed" };
        reply.problem(reply.status, expected);
    }
    session.post("/v1/token/introspect", json!({})).await.problem(422, "validation_failed");
    session.post("/v1/token/introspect", json!({ "token": "x", "a": 1 })).await.problem(400, "malformed_request");
    session.call("POST", "/v1/token/introspect").bare("token=x").send().await.problem(415, "unsupported_media_type");
}
