//! Changes one's own password while signed in.

use serde_json::{Value, json};

use crate::support::{OTHER_PASSWORD, PASSWORD, TestApp, in_parallel, statuses};

fn change(current: &str, new: &str) -> Value {
    json!({ "current_password": current, "new_password": new })
}

#[tokio::test]
async fn the_new_password_counts_and_all_other_sessions_end() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let (here, there) = (ann.login().await.session(), ann.login().await.session());
    here.post("/v1/me/password", change(PASSWORD, OTHER_PASSWORD)).await.empty(204);
    here.me().await.ok(200);
    here.refresh().await.session();
    there.me().await.problem(401, "invalid_token");
    there.refresh().await.problem(401, "invalid_token");
    ann.login().await.problem(401, "invalid_credentials");
    ann.try_password(OTHER_PASSWORD).await.session();
}

#[tokio::test]
async fn the_current_password_is_needed_and_a_weak_one_refused() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let session = ann.login().await.session();
    let reply = session.post("/v1/me/password", change(OTHER_PASSWORD, "seven slow Otters, 3 boats")).await;
    reply.problem(401, "invalid_credentials");
    for (new, reasons) in [
        ("Zq3 m!x", &["too_short"][..]),
        ("password", &["common"]),
        ("12345", &["too_short", "common"]),
        ("acme!", &["too_short", "contains_context_word"]),
        (PASSWORD, &["reused"]),
        ("", &["too_short"]),
        (&"y".repeat(257), &["too_long"]),
    ] {
        let problem = session.post("/v1/me/password", change(PASSWORD, new)).await.problem(422, "password_refused");
        let codes: Vec<_> = problem.errors().iter().map(|(_, code)| *code).collect();
        assert_eq!(codes, reasons, "{new:.20}");
    }
    let long = session.post("/v1/me/password", change(&"y".repeat(257), OTHER_PASSWORD)).await;
    assert_eq!(long.problem(422, "validation_failed").errors(), [("/current_password", "too_long")]);
    ann.login().await.session();
    session.me().await.ok(200);
}

#[tokio::test]
async fn of_parallel_changes_one_wins() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let session = ann.login().await.session();
    let replies = in_parallel(10, |number| {
        session.post("/v1/me/password", change(PASSWORD, &format!("seven slow Otters, {number} boats")))
    })
    .await;
    let counts = statuses(&replies);
    assert_eq!((counts["204"], counts["401 invalid_credentials"]), (1, 9), "{counts:?}");
    session.me().await.ok(200);
}

#[tokio::test]
async fn it_makes_a_waiting_activation_code_void() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let session = ann.login().await.session();
    let issued = account.act_on(&ann, "send-activation").await.ok(200);
    session.post("/v1/me/password", change(PASSWORD, OTHER_PASSWORD)).await.empty(204);
    let body = json!({ "code": issued["code"], "new_password": "seven slow Otters, 3 boats" });
    app.call("POST", "/v1/activations").json(&body).send().await.problem(401, "invalid_code");
    ann.try_password(OTHER_PASSWORD).await.session();
}
