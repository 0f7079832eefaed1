//! Refreshes tokens.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Account, OTHER_PASSWORD, Session, TestApp, User};

async fn signed_in(app: &TestApp) -> (Account, User, Session) {
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let session = ann.login().await.session();
    (account, ann, session)
}

pub(super) async fn is_dead(session: &Session) {
    session.me().await.problem(401, "invalid_token");
    session.refresh().await.problem(401, "invalid_token");
}

#[tokio::test]
async fn a_session_goes_on_with_new_tokens() {
    let app = TestApp::start().await;
    let (_, _, first) = signed_in(&app).await;
    app.wait(TimeDelta::minutes(7));
    let second = first.refresh().await.session();
    assert_ne!(second.access_token, first.access_token);
    assert_ne!(second.refresh_token, first.refresh_token);
    let (before, after) = (first.claims(), second.claims());
    for same in ["sid", "sub", "account", "auth_time", "amr", "iss", "aud"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_eq!(after["exp"], app.now().timestamp() + 600);
    assert_eq!(second.body["session"]["idle_expires_at"], "2027-01-22T08:07:15Z");
    assert_eq!(second.body["session"]["expires_at"], first.body["session"]["expires_at"]);
    // Until its own end the old access token counts: it belongs to the same session.
    first.me().await.ok(200);
    second.me().await.ok(200);
    second.refresh().await.session().refresh().await.session();
}

#[tokio::test]
async fn a_token_that_comes_again_ends_the_session() {
    let app = TestApp::start().await;
    let (_, ann, first) = signed_in(&app).await;
    let other = ann.login().await.session();
    let second = first.refresh().await.session();
    let third = second.refresh().await.session();
    let reply = first.refresh().await;
    reply.problem(401, "invalid_token");
    for session in [&first, &second, &third] {
        is_dead(session).await;
    }
    // What a thief does to one session does nothing to another.
    other.me().await.ok(200);
    other.refresh().await.session();
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused() {
    let app = TestApp::start().await;
    let (account, _, session) = signed_in(&app).await;
    let invited = account.invited(json!({ "username": "later" })).await;
    let token = &session.refresh_token;
    for text in [
        "",
        "x",
        "lk_rt_",
        &format!("lk_rt_{}", "A".repeat(43)),
        &token[..token.len() - 1],
        &format!("{token}A"),
        &format!(" {token}"),
        &token.to_lowercase(),
        &token.replace("lk_rt_", "lk_ch_"),
        &session.access_token,
        invited.activation_code(),
        &"x".repeat(60_000),
    ] {
        let reply = app.call("POST", "/v1/token/refresh").json(&json!({ "refresh_token": text })).send().await;
        assert_eq!(reply.status, 401, "{text:.30}: {reply:?}");
        reply.problem(401, "invalid_token");
    }
    session.refresh().await.session();
}

#[tokio::test]
async fn permissions_and_names_are_those_of_the_moment() {
    let app = TestApp::start().await;
    let (account, ann, session) = signed_in(&app).await;
    let path = account.path(&format!("/users/{}/permissions", ann.id()));
    app.platform_admin().await.put(&path, json!({ "permissions": ["account_settings"] })).await.ok(200);
    let session = session.refresh().await.session();
    assert_eq!(session.claims()["permissions"], json!(["account_settings"]));
    assert_eq!(session.body["user"]["permissions"], json!(["account_settings"]));
}

#[tokio::test]
async fn what_ends_sessions_ends_them_for_good() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    for action in ["disable", "revoke-sessions", "reset-two-factor"] {
        let user = account.user(&format!("user {action}")).await;
        let (one, other) = (user.login().await.session(), user.login().await.session());
        account.act_on(&user, action).await.empty(204);
        is_dead(&one).await;
        is_dead(&other).await;
    }
    let user = account.user("forgetful").await;
    let session = user.login().await.session();
    let issued = account.act_on(&user, "send-activation").await.ok(200);
    session.me().await.ok(200);
    let body = json!({ "code": issued["code"], "new_password": OTHER_PASSWORD });
    app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
    is_dead(&session).await;
}

/// Each refresh leaves a row behind. Being told to wait does not use the token up.
#[tokio::test]
async fn who_refreshes_without_end_is_told_to_wait_and_keeps_the_session() {
    let app = TestApp::with(|config| config.throttle.work.free = Some(3)).await;
    let (_, _, mut session) = signed_in(&app).await;
    for _ in 0..3 {
        session = session.refresh().await.session();
    }
    assert_eq!(session.refresh().await.problem(429, "too_many_requests").retry_after(), 1);
    app.wait(TimeDelta::seconds(1));
    session.refresh().await.session().get("/v1/me").await.ok(200);
}
