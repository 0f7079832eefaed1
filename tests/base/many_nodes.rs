//! What one node knows all nodes know: everything that protects is in the database.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{OTHER_PASSWORD, TestApp, in_parallel, statuses};

#[tokio::test]
async fn a_code_works_once_whichever_nodes_it_is_sent_to() {
    let app = TestApp::with(|config| config.throttle.code_of_user.free = Some(100_000)).await;
    let node = app.another_node().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    ann.sign_in().await;
    app.wait_for_next_code();
    let mut logins = Vec::new();
    for number in 0..50 {
        let login = ann.login().await.challenge("totp");
        logins.push(if number % 2 == 0 { node.login(&login) } else { login });
    }
    let code = ann.phone().code();
    let replies = in_parallel(200, |number| logins[number % 50].code(&code)).await;
    let counts = statuses(&replies);
    assert_eq!(counts["200"], 1, "{counts:?}");
    let refused = counts["401 invalid_code"] + counts.get("401 challenge_invalid").copied().unwrap_or_default();
    assert_eq!(refused, 199, "{counts:?}");
}

#[tokio::test]
async fn a_session_is_known_and_ended_everywhere_at_once() {
    let app = TestApp::start().await;
    let node = app.another_node().await;
    let ann = app.account("acme").await.user("ann").await;
    let here = ann.login().await.session();
    let there = node.session(&here);
    there.me().await.ok(200);
    let renewed = there.refresh().await.session();
    // A second tab may reach the other node. The token that one node has used up is used up there too.
    assert_eq!(here.refresh().await.session().refresh_token, renewed.refresh_token);
    app.wait(TimeDelta::seconds(11));
    here.refresh().await.problem(401, "invalid_token");
    renewed.me().await.problem(401, "invalid_token");

    let here = ann.login().await.session();
    let there = node.session(&here);
    there.logout().await.empty(204);
    here.me().await.problem(401, "invalid_token");
}

#[tokio::test]
async fn guesses_are_counted_over_all_nodes() {
    let app = TestApp::start().await;
    let node = app.another_node().await;
    let ann = app.account("acme").await.user("ann").await;
    let guess = json!({ "account": "acme", "username": "ann", "password": OTHER_PASSWORD });
    let replies = in_parallel(100, |number| {
        let client = if number % 2 == 0 { app.client() } else { node.client() };
        client.call("POST", "/v1/login").json(&guess).send()
    })
    .await;
    let counts = statuses(&replies);
    assert_eq!(counts["401 invalid_credentials"], 20, "{counts:?}");
    assert_eq!(counts["429 too_many_requests"], 80, "{counts:?}");
    app.wait(TimeDelta::seconds(1));
    ann.login().await.session();
}

#[tokio::test]
async fn a_login_may_change_nodes_at_every_step() {
    let app = TestApp::start().await;
    let node = app.another_node().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    account.act_on(&ann, "require-password-change").await.empty(204);
    let here = ann.login().await.challenge("totp_enrollment");
    let there = node.login(&here);
    let phone = there.phone().await;
    assert_eq!(here.enrollment().await.ok(200), there.enrollment().await.ok(200));
    here.confirm(&phone.code()).await.confirmed().result.challenge("password_change");
    there.new_password(OTHER_PASSWORD).await.session().me().await.ok(200);
    here.state().await.problem(401, "challenge_invalid");
}
