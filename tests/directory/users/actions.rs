//! The actions on a user: all seven, twice in a row, and only after a recent sign-in.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::TestApp;

const ACTIONS: [&str; 7] = [
    "reset-two-factor",
    "require-password-change",
    "send-activation",
    "unlock",
    "disable",
    "enable",
    "revoke-sessions",
];

#[tokio::test]
async fn each_done_twice_leaves_the_user_as_done_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    for action in ACTIONS {
        let user = account.user(&format!("of {action}")).await;
        let path = account.path(&format!("/users/{}/actions/{action}", user.id()));
        let mut looks: Vec<Value> = Vec::new();
        for _ in 0..2 {
            let reply = admin.act(&path).await;
            match action {
                "send-activation" => assert!(reply.ok(200)["code"].is_string()),
                _ => reply.empty(204),
            }
            looks.push(account.look_at(&user).await);
        }
        assert_eq!(looks[0], looks[1], "{action}");
    }
}

#[tokio::test]
async fn each_asks_for_a_recent_proof_of_who_one_is() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let user = account.user("ann").await;
    let before = account.look_at(&user).await;
    let session = admin.sign_in().await;
    app.wait(TimeDelta::minutes(16));
    let session = session.refresh().await.session();
    for action in ACTIONS {
        let path = account.path(&format!("/users/{}/actions/{action}", user.id()));
        session.call("POST", &path).send().await.problem(401, "reauthentication_required");
    }
    let path = account.path(&format!("/users/{}", user.id()));
    session.call("DELETE", &path).send().await.problem(401, "reauthentication_required");
    let change = json!({ "username": "x" });
    session.call("PATCH", &path).json(&change).send().await.problem(401, "reauthentication_required");
    assert_eq!(account.look_at(&user).await, before);

    let proof = json!({ "password": admin.password() });
    let renewed = session.reauthenticate(proof).await.ok(200);
    let token = renewed["access_token"].as_str().unwrap();
    let path = account.path(&format!("/users/{}/actions/disable", user.id()));
    app.call("POST", &path).bearer(token).send().await.empty(204);
}
